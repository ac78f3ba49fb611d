package io.tidemark.bench;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import io.tidemark.engine.planted.PlantedHelper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The arrows between the rooms, and habits that a compiler does not know. */
class ArchitectureTest {
    private static final String HOUSE = "io.tidemark.";

    /** Each room with the rooms that it may import; what is not named here is forbidden. */
    private static final Map<String, List<String>> ARROWS = Map.of(
            "engine", List.of(),
            "shipper", List.of("engine"),
            "recovery", List.of("engine", "shipper"),
            "raft", List.of("engine", "shipper", "recovery"),
            "client", List.of(),
            "daemon", List.of("engine", "shipper", "recovery", "raft", "client"),
            "jepsen", List.of("client"),
            "bench", List.of("engine", "shipper", "recovery", "raft", "client", "daemon", "jepsen"));

    private static final String[] ENGINE_LIBRARIES = {
        "io.tidemark.engine..", "java..", "sun.misc..", "org.lmdbjava..", "com.codahale.metrics..", "org.slf4j.."
    };

    private static final ArchRule NO_VAGUE_NAMES = noClasses()
            .should()
            .haveSimpleNameEndingWith("Manager")
            .orShould()
            .haveSimpleNameEndingWith("Helper")
            .orShould()
            .haveSimpleNameEndingWith("Util")
            .orShould()
            .haveSimpleNameEndingWith("Utils");

    private static final ArchRule NO_SLEEP = noClasses()
            .should()
            .callMethodWhere(target(name("sleep")).and(target(owner(assignableTo(Thread.class)))))
            .orShould()
            .callMethodWhere(target(name("sleep")).and(target(owner(assignableTo(TimeUnit.class)))));

    private static final ArchRule EXIT_ONLY_IN_MAIN = noClasses()
            .that()
            .doNotHaveSimpleName("Main")
            .and()
            .doNotHaveSimpleName("Campaign") // a program of its own
            .should()
            .callMethod(System.class, "exit", int.class);

    private static final ArchRule ENGINE_IMPORTS_LITTLE = classes()
            .that()
            .resideInAPackage("io.tidemark.engine..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(ENGINE_LIBRARIES);

    private static final ArchRule RATIS_STAYS_IN_RAFT = noClasses()
            .that()
            .resideOutsideOfPackages("io.tidemark.raft..", "io.tidemark.daemon..", "io.tidemark.bench..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.ratis..");

    private static final ArchRule AWS_STAYS_IN_SHIPPER = noClasses()
            .that()
            .resideInAnyPackage(
                    "io.tidemark.engine..", "io.tidemark.client..", "io.tidemark.jepsen..", "io.tidemark.bench..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("software.amazon.awssdk..");

    private static final ArchRule PEERS_STAY_BEHIND_THEIR_INTERFACE = noClasses()
            .that()
            .resideOutsideOfPackage("io.tidemark.bench.peer..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.rocksdb..", "org.h2..", "com.sleepycat..");

    private static JavaClasses house;

    @BeforeAll
    static void enter() {
        house = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .withImportOption(location -> !location.contains("jmh_generated"))
                .importPackages("io.tidemark");
    }

    @Test
    void theHouseIsNotEmpty() {
        assertTrue(house.contain(Main.class) && house.contain("io.tidemark.engine.StorageEngine"));
        assertFalse(house.contain(PlantedHelper.class), "tests are no part of the product");
    }

    @Test
    void everyRoomIsInTheBlueprint() {
        TreeSet<String> rooms = new TreeSet<>();
        house.forEach(
                c -> rooms.add(c.getPackageName().substring(HOUSE.length()).split("\\.")[0]));
        rooms.removeAll(ARROWS.keySet());
        assertEquals(new TreeSet<>(), rooms);
    }

    @ParameterizedTest
    @ValueSource(strings = {"engine", "shipper", "recovery", "raft", "client", "daemon", "jepsen", "bench"})
    void aRoomImportsOnlyWhatItsArrowsReach(String room) {
        arrowsOf(room).check(house);
    }

    @ParameterizedTest
    @ValueSource(strings = {"engine", "shipper", "recovery", "raft", "client", "daemon", "jepsen", "bench"})
    void packagesOfARoomFormNoCycle(String room) {
        slices().matching(HOUSE + room + ".(*)..")
                .should()
                .beFreeOfCycles()
                .allowEmptyShould(true) // a room of one package has no slices
                .check(house);
    }

    @Test
    void theEngineKnowsTheJdkLmdbMetricsAndLoggingOnly() {
        ENGINE_IMPORTS_LITTLE.check(house);
    }

    @Test
    void ratisIsKnownWhereItIsRunOnly() {
        RATIS_STAYS_IN_RAFT.check(house);
    }

    @Test
    void awsIsKnownBehindTheObjectStoreOnly() {
        AWS_STAYS_IN_SHIPPER.check(house);
    }

    @Test
    void otherEnginesAreKnownInOneRoomOfBenchOnly() {
        PEERS_STAY_BEHIND_THEIR_INTERFACE.check(house);
    }

    @Test
    void namesAreNounsOfTheField() {
        NO_VAGUE_NAMES.check(house);
    }

    @Test
    void nobodySleeps() {
        NO_SLEEP.check(house);
    }

    @Test
    void onlyMainExits() {
        EXIT_ONLY_IN_MAIN.check(house);
    }

    @Test
    void aClassThatBreaksTheRulesIsSeen() {
        JavaClasses planted = new ClassFileImporter().importClasses(PlantedHelper.class);
        for (ArchRule rule :
                List.of(NO_VAGUE_NAMES, NO_SLEEP, EXIT_ONLY_IN_MAIN, ENGINE_IMPORTS_LITTLE, RATIS_STAYS_IN_RAFT)) {
            assertTrue(rule.evaluate(planted).hasViolation(), rule.getDescription());
        }
    }

    @Test
    void anArrowAgainstTheBlueprintIsSeen() {
        ArchRule benchWithoutEngine = noClasses()
                .that()
                .resideInAPackage("io.tidemark.bench..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.tidemark.engine..");
        assertTrue(benchWithoutEngine.evaluate(house).hasViolation());
    }

    private static ArchRule arrowsOf(String room) {
        List<String> forbidden = new ArrayList<>();
        for (String other : ARROWS.keySet()) {
            if (!other.equals(room) && !ARROWS.get(room).contains(other)) {
                forbidden.add(HOUSE + other + "..");
            }
        }
        return noClasses()
                .that()
                .resideInAPackage(HOUSE + room + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(forbidden.toArray(String[]::new))
                .allowEmptyShould(isEmpty(room));
    }

    /** Rooms not furnished yet; each falls off as soon as its first class is there, so a rule can never go blind. */
    private static boolean isEmpty(String room) {
        return house.stream().noneMatch(c -> (c.getPackageName() + ".").startsWith(HOUSE + room + "."));
    }
}

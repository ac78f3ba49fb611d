package io.tidemark.jepsen.run;

import io.tidemark.jepsen.cluster.Cluster;
import io.tidemark.jepsen.cluster.ShippedObjects;
import io.tidemark.jepsen.cluster.ShippedObjects.Segment;
import io.tidemark.jepsen.cluster.Waiting;
import io.tidemark.jepsen.history.Chronicle;
import io.tidemark.jepsen.history.Counts;
import io.tidemark.jepsen.history.Header;
import io.tidemark.jepsen.nemesis.Catalogue;
import io.tidemark.jepsen.nemesis.Catalogue.Front;
import io.tidemark.jepsen.nemesis.Nemesis;
import io.tidemark.jepsen.nemesis.Operator;
import io.tidemark.jepsen.nemesis.Pace;
import io.tidemark.jepsen.nemesis.Siege;
import io.tidemark.jepsen.plant.PlantedFault;
import io.tidemark.jepsen.report.Ledger;
import io.tidemark.jepsen.report.RunReport;
import io.tidemark.jepsen.report.RunSummary;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;

/** One run from nothing to its report. */
public final class Run {

    /** System property that says which commit the product is of. */
    public static final String COMMIT = "tidemark.commit";

    /** After healing, nodes and S3 agree within this. */
    public static final Duration AGREEMENT_MAX = Duration.ofSeconds(60);

    /** S3 holds the history whole, and it is replayed: an hour's in minutes. */
    private static final Duration VERIFIED_MAX = Duration.ofMinutes(15);

    /** So many checkpoints may be missed, by blows that follow one another, before it is an anomaly that there is none. */
    private static final int CHECKPOINTS_DUE = 8;

    private static final String EVIDENCE = "evidence";

    private final RunOptions options;
    private final Consumer<String> says;
    private final Random random;
    private final Troubles troubles = new Troubles();

    /** @param says told in a line whenever something begins or ends */
    public Run(RunOptions options, Consumer<String> says) {
        this.options = options;
        this.says = says;
        this.random = new Random(options.seed());
    }

    /** Runs, judges and writes the report. Fails only when there was no run: the cluster did not come up. */
    public RunSummary run() throws IOException {
        says.accept("starting " + options.nodes() + " nodes");
        try (Battlefield field = Battlefield.open(options)) {
            says.accept("ready: " + field.hosts().description());
            return on(field);
        }
    }

    /** The same with a cluster that is there already, and stays. */
    RunSummary on(Battlefield field) throws IOException {
        Map<Front, List<Nemesis>> fronts = fronts(field);
        List<Part> parts = new ArrayList<>();
        try {
            Header header = header(field);
            for (String workload : options.workloads()) {
                parts.add(new Part(workload, header, options.directoryOf(workload), field.cluster()));
            }
            fight(field, parts, fronts);
            return judge(parts);
        } finally {
            parts.forEach(Part::close);
        }
    }

    private Map<Front, List<Nemesis>> fronts(Battlefield field) {
        Map<Front, List<Nemesis>> fronts = new EnumMap<>(Front.class);
        for (String name : options.nemeses()) {
            Catalogue.Entry entry = Catalogue.of(name);
            fronts.computeIfAbsent(entry.front(), f -> new ArrayList<>())
                    .add(entry.make(field.theatre(), new Random(random.nextLong())));
        }
        return fronts;
    }

    private Header header(Battlefield field) {
        Header header = new Header(
                options.workload(),
                options.nemesis(),
                options.seed(),
                System.getProperty(COMMIT, ""),
                options.command(),
                Instant.now().toString(),
                Map.of());
        for (Map.Entry<String, String> setting : field.settings().entrySet()) {
            header = header.with(setting.getKey(), setting.getValue());
        }
        return header.with(Ledger.NODES, Integer.toString(options.nodes()))
                .with("hosts", field.hosts().description())
                .with("processes", Integer.toString(options.processes()))
                .with("planted", options.planted().map(PlantedFault::option).orElse("none"));
    }

    private void fight(Battlefield field, List<Part> parts, Map<Front, List<Nemesis>> fronts) {
        Cluster cluster = field.cluster();
        Operator operator = field.theatre().operator();
        Chronicle chronicle = Chronicle.of(parts.stream().map(Part::chronicle).toList());
        operator.begin(chronicle, Catalogue.damage(options.nemeses()));
        MarkLog marks = new MarkLog(chronicle);
        cluster.watch().listen(marks::saw);
        List<Siege> sieges = new ArrayList<>();
        try {
            for (Part part : parts) {
                part.begin(options.processes(), options.stagger(), random.nextLong());
            }
            says.accept(
                    "workload " + options.workload() + " for " + options.time().toSeconds() + " s");
            Pace pace = Pace.upTo(options.longestBlow());
            fronts.forEach((front, nemeses) -> sieges.add(Siege.begin(
                    chronicle,
                    nemeses,
                    pace,
                    new Random(random.nextLong()),
                    field.truce(),
                    front == Front.NODES ? operator::lookAfter : () -> {})));
            watch(parts);
        } finally {
            sieges.forEach(Siege::end);
            sieges.forEach(siege -> troubles.attempt(Troubles.NOT_HEALED, siege::lift));
            says.accept(
                    "healed after " + sieges.stream().mapToInt(Siege::strikes).sum() + " blows");
            parts.forEach(part -> troubles.attempt(Troubles.WORKLOAD, part::stop));
        }
        agree(cluster, operator);
        checkpoints(field);
        parts.forEach(part -> troubles.attempt(Troubles.WORKLOAD, part::finish));
        cluster.watch().listen(status -> {});
        marks.end(cluster);
    }

    private void watch(List<Part> parts) {
        long seconds = options.time().toSeconds();
        for (long second = 1; second <= seconds; second++) {
            Waiting.pause(Duration.ofSeconds(1));
            if (second % 10 == 0 && second < seconds) {
                Counts counts = parts.stream().map(Part::counts).reduce(Counts.NONE, Counts::plus);
                says.accept(second + " s: " + counts.ok() + " done, " + counts.fail() + " not done, " + counts.info()
                        + " unclear or under way");
            }
        }
    }

    /** Waits until marks have met and verify finds no difference; measured, and an anomaly if it takes too long. */
    private void agree(Cluster cluster, Operator operator) {
        long begin = System.nanoTime();
        boolean agreed = troubles.attempt(Troubles.NO_AGREEMENT, () -> {
            operator.lookAfter();
            troubles.figure("agreement.ready.millis", millisSince(begin));
            cluster.awaitRest();
            troubles.figure("agreement.marks.millis", millisSince(begin));
            cluster.verifyNodes();
        });
        long millis = millisSince(begin);
        troubles.figure("agreement.millis", millis);
        agreed = agreed && troubles.attempt(Troubles.NO_AGREEMENT, () -> cluster.verify(VERIFIED_MAX));
        troubles.figure("verified.millis", millisSince(begin));
        if (agreed && millis > AGREEMENT_MAX.toMillis()) {
            troubles.add(Troubles.SLOW_AGREEMENT, "nodes and S3 agreed only " + millis + " ms after healing");
        }
        troubles.attempt(Troubles.WATCH, cluster.watch()::check);
        if (!Catalogue.damage(options.nemeses())) {
            cluster.statuses().stream()
                    .filter(node -> node.incarnation() > 1)
                    .forEach(node -> troubles.add(
                            Troubles.REBUILT,
                            "nothing had damaged the files of " + node + "; it said: "
                                    + cluster.lastWords(node.name())));
            operator.halts().forEach(words -> troubles.add(Troubles.HALTED, words));
        }
        troubles.figure("operator.halts", operator.halts().size());
        troubles.figure("operator.truces", operator.truces());
        troubles.figure("operator.disks", operator.disks());
        says.accept((agreed ? "marks met and digests equal after " : "no agreement after ") + millis + " ms");
    }

    /** Disks leave, restores and newcomers begin, and collections give up, by checkpoints alone: without one a run says little. */
    private void checkpoints(Battlefield field) {
        ShippedObjects objects = field.cluster().objects();
        long log = objects.segments().stream().mapToLong(Segment::bytes).sum();
        if (log > CHECKPOINTS_DUE * field.checkpointLogBytes()) {
            troubles.attempt(
                    Troubles.NO_CHECKPOINT,
                    () -> Waiting.until(
                            "of " + log + " bytes of log in S3 a checkpoint is made",
                            AGREEMENT_MAX,
                            objects::checkpoint,
                            lsn -> lsn >= 0));
        }
        troubles.figure("checkpoint.lsn", objects.checkpoint());
        troubles.figure("floor.lsn", objects.floor());
    }

    private static long millisSince(long begin) {
        return (System.nanoTime() - begin) / 1_000_000;
    }

    private RunSummary judge(List<Part> parts) throws IOException {
        List<RunSummary> summaries = new ArrayList<>();
        for (Part part : parts) {
            RunSummary summary = part.judge(troubles, options.out().resolve(EVIDENCE));
            summaries.add(summary);
            if (parts.size() > 1) {
                says.accept("judged " + summary.line());
            }
        }
        if (parts.size() == 1) {
            return summaries.get(0);
        }
        RunSummary together = RunSummary.together(options.workload(), summaries);
        together.writeTo(options.out().resolve(RunReport.SUMMARY));
        return together;
    }
}

package io.tidemark.jepsen.plant;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * Bugs that a cluster could have, put into its running daemons from outside: each is a rule of Byteman beside this class,
 * and nothing of it is in the product. A harness that does not find one of them has a hole.
 */
public enum PlantedFault {
    ACKNOWLEDGE_EARLY(
            "Writes are acknowledged when the leader has them, before any other node does",
            "register",
            "partition-leader"),
    SKIP_AN_ENTRY("Node n2 leaves out the commands of one entry in fifty", "register", "none"),
    REPLAY_LATER(
            "One entry in ten is proposed again half a second later, and sessions do not recognise it",
            "register",
            "none"),
    LOCAL_READS("A node answers reads from what it has, without asking the others", "register", "partition-leader"),
    MARK_BEFORE_PUT("The mark moves over segments that were never put", "marks", "none"),
    PURGE_TOO_FAR("The log is let go of past the mark", "marks", "s3-outage"),
    UNCLEAR_IS_SUCCESS("Whatever S3 answers, a PUT counts as done", "marks", "s3-errors"),
    FORGET_SESSIONS_AT_RESTART("A restarted node knows no session", "register", "kill-one"),
    FORGET_RETRIES("A request that comes again is applied again", "register", "kill-leader"),
    ROLLBACK_RESTORES_NOTHING("A rollback consumes its undo records and restores nothing", "open-transactions", "none"),
    LOSE_LOCKS_AT_RESTART("A restarted node does not know which keys are locked", "open-transactions", "kill-all"),
    PAGE_UNCHECKED("A page is served whatever its CRC says", "register", "bit-rot"),
    CONDITION_IGNORED("A conditional write is made whatever is there", "register", "none"),
    DIRTY_READ("Readers see what open transactions have written", "open-transactions", "none"),
    NO_LOCKS("Nobody is kept from a key that a transaction holds", "list-append", "none"),
    NEVER_EXPIRE("Transactions whose owners are gone are never taken back", "open-transactions", "none"),
    TORN_SNAPSHOT("A scan reads each page as it is by then", "bank", "none"),
    STALE_AT_LEAST("A read that asks for an LSN does not wait for it", "session", "none"),
    LOST_PAGE_AT_RESTART("Redo leaves out one page in five", "marks", "kill-one"),
    REDO_STARTS_LATE("Redo takes the first twenty blocks for done", "marks", "kill-one"),
    INCARNATION_AGAIN("A node that lost its disk comes back as who it was", "set", "wipe"),
    REPLIES_SWAPPED("The replies of one entry go to each other's callers", "register", "none"),
    SEGMENT_DROPS_ENTRY("Segments hold an empty entry in place of one in fifty", "restore", "none"),
    PUT_IGNORED("All nodes leave out the same writes, one in sixty", "set", "none"),
    COMMIT_LOSES_LAST("A commit takes back its last write", "list-append", "none"),
    ROLLBACK_TOO_FAR("A rollback to a savepoint takes everything back", "open-transactions", "none"),
    MANIFEST_NEVER_PUT("The mark moves and no manifest says so", "marks", "none"),
    SEGMENT_DAMAGED("A byte of each segment is turned on its way to S3", "marks", "none"),
    NAMED_OUT_OF_ORDER("Of segments under way at once, any may be named first", "marks", "s3-outage"),
    FAILED_UPLOAD_IS_DONE("A segment whose upload fails is named all the same", "marks", "s3-outage"),
    CHECKPOINT_BEFORE_PACKS("Checkpoints are named when their root alone is in S3", "marks", "none"),
    EVICT_UNSHIPPED("Pages leave the disk before a checkpoint has them", "marks", "kill-one", 2),
    STALE_ROWS("Pages that left keep their rows, and their slots go to others", "marks", "kill-one", 2),
    COLLECT_LIVE_PACKS("Packs that are in use are collected as garbage", "marks", "none");

    /** Of most: much redo at restarts, few pages on the disks. */
    private static final long SEED = 3;

    private static final String SUFFIX = ".btm";

    private final String what;
    private final String workload;
    private final String nemesis;
    private final long seed;

    PlantedFault(String what, String workload, String nemesis) {
        this(what, workload, nemesis, SEED);
    }

    /**
     * @param workload that should find it
     * @param nemesis that brings it out
     * @param seed of a run whose sizes let it show
     */
    PlantedFault(String what, String workload, String nemesis, long seed) {
        this.what = what;
        this.workload = workload;
        this.nemesis = nemesis;
        this.seed = seed;
    }

    /** Its name on the command line, and of its rule. */
    public String option() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public static Optional<PlantedFault> of(String option) {
        return Arrays.stream(values())
                .filter(fault -> fault.option().equals(option))
                .findFirst();
    }

    /** What the daemons do with it. */
    public String what() {
        return what;
    }

    public String workload() {
        return workload;
    }

    /** Empty for none. */
    public Optional<String> nemesis() {
        return nemesis.equals("none") ? Optional.empty() : Optional.of(nemesis);
    }

    /** Of a run whose sizes let it show. */
    public long seed() {
        return seed;
    }

    /** The rule's text. */
    String script() {
        String name = option() + SUFFIX;
        try (InputStream in = PlantedFault.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the rule " + name, e);
        }
    }

    /**
     * Its rule, for {@link Agent}.
     *
     * @param directory where it is written, and stays while daemons start
     */
    public Path rule(Path directory) {
        Path rule = directory.resolve(option() + SUFFIX);
        try {
            Files.writeString(rule, script());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + rule, e);
        }
        return rule;
    }
}

package io.tidemark.jepsen.nemesis;

import io.tidemark.jepsen.cluster.Cluster;
import io.tidemark.jepsen.fault.SystemCalls;
import java.util.Locale;
import java.util.Random;

/** The disk of one node is slow, or fails it with EIO. A node that gives up is started again on the disk made whole. */
public final class FailingDiskNemesis implements Nemesis {

    /** What is wrong with the disk. */
    public enum Trouble {
        /** Each sync takes 20 to 500 ms longer. */
        SLOW,
        /** One sync, every tenth write, or every read, write and sync from some moment on fails. */
        ERRORS
    }

    private static final String SYNCS = "fsync,fdatasync,msync";
    private static final int SLOWEST_MILLIS = 500;
    private static final int FASTEST_MILLIS = 20;

    private final Cluster cluster;
    private final Operator operator;
    private final Trouble trouble;
    private final Random random;
    private String struck;
    private SystemCalls injected;
    private String remedy = "";

    /** @param random chooses the node and the trouble */
    public FailingDiskNemesis(Cluster cluster, Operator operator, Trouble trouble, Random random) {
        if (!SystemCalls.available()) {
            throw new IllegalArgumentException(
                    name(trouble) + " needs strace, and leave to trace processes; Debian has it in the package strace");
        }
        this.cluster = cluster;
        this.operator = operator;
        this.trouble = trouble;
        this.random = random;
    }

    private static String name(Trouble trouble) {
        return trouble == Trouble.SLOW ? "slow-disk" : "io-errors";
    }

    @Override
    public String name() {
        return name(trouble);
    }

    @Override
    public String strike() {
        struck = Target.ONE.choose(cluster, random).get(0);
        int soon = 1 + random.nextInt(50);
        if (trouble == Trouble.SLOW) {
            int millis = FASTEST_MILLIS + random.nextInt(SLOWEST_MILLIS - FASTEST_MILLIS);
            return inject(SYNCS, "delay_enter=" + millis * 1_000L, "syncs take " + millis + " ms more");
        }
        return switch (random.nextInt(3)) {
            case 0 -> inject(SYNCS, "error=EIO:when=" + soon, "sync " + soon + " of a thread fails");
            case 1 -> inject("pwrite64", "error=EIO:when=" + soon + "+10", "every tenth write fails");
            default ->
                inject(
                        "pread64,pwrite64," + SYNCS,
                        "error=EIO:when=" + soon + "+",
                        String.format(Locale.ROOT, "all fails from call %d of a thread on", soon));
        };
    }

    private String inject(String calls, String injection, String words) {
        injected = SystemCalls.inject(cluster.pid(struck), calls, injection);
        return struck + ": " + words;
    }

    @Override
    public void heal() {
        remedy = "";
        if (injected != null) {
            injected.close();
            injected = null;
        }
        if (struck != null) {
            String node = struck;
            struck = null;
            remedy = (cluster.alive(node) ? "" : node + " had halted; ") + operator.mend(node);
        }
    }

    @Override
    public String remedy() {
        return remedy;
    }
}

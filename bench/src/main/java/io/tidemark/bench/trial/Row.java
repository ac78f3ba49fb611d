package io.tidemark.bench.trial;

/** What is measured, in the order of the report. */
public enum Row {
    FILL_SEQUENTIAL(Group.SEQUENTIAL, "fill sequential", "puts"),
    FILL_RANDOM(Group.RANDOM, "fill random", "puts"),
    READ_RANDOM(Group.RANDOM, "read random", "gets"),
    READ_MISSING(Group.RANDOM, "read missing", "gets"),
    SCAN_FORWARD(Group.RANDOM, "scan forward", "rows"),
    SCAN_BACKWARD(Group.RANDOM, "scan backward", "rows"),
    OVERWRITE(Group.RANDOM, "overwrite", "puts"),
    MIXED_95_5(Group.RANDOM, "mixed, 95 % reads", "operations"),
    MIXED_50_50(Group.RANDOM, "mixed, 50 % reads", "operations"),
    DELETE(Group.RANDOM, "delete", "deletes"),
    REOPEN_KILLED(Group.REOPENED, "reopen after kill -9", "opens"),
    TRANSACTIONS_1(Group.TRANSACTIONS, "synced transactions of 10, 1 thread", "transactions"),
    TRANSACTIONS_4(Group.TRANSACTIONS, "synced transactions of 10, 4 threads", "transactions");

    /** Rows that share a process and a store. */
    public enum Group {
        SEQUENTIAL,
        RANDOM,
        /** The store that {@link #RANDOM} left behind when it was killed. */
        REOPENED,
        TRANSACTIONS
    }

    private final Group group;
    private final String label;
    private final String unit;

    Row(Group group, String label, String unit) {
        this.group = group;
        this.label = label;
        this.unit = unit;
    }

    public Group group() {
        return group;
    }

    public String label() {
        return label;
    }

    /** What is counted. */
    public String unit() {
        return unit;
    }

    /** Whether the report compares rates; reopening is compared by seconds. */
    public boolean isRate() {
        return this != REOPEN_KILLED;
    }
}

package io.tidemark.bench.trial;

/** What is measured, in the order of the report. */
public enum Row {
    FILL_SEQUENTIAL(Group.USED, "fill sequential", "puts"),
    FILL_RANDOM(Group.USED, "fill random", "puts"),
    READ_RANDOM(Group.USED, "read random", "gets"),
    READ_MISSING(Group.USED, "read missing", "gets"),
    SCAN_FORWARD(Group.USED, "scan forward", "rows"),
    SCAN_BACKWARD(Group.USED, "scan backward", "rows"),
    OVERWRITE(Group.USED, "overwrite", "puts"),
    MIXED_95_5(Group.USED, "mixed, 95 % reads", "operations"),
    MIXED_50_50(Group.USED, "mixed, 50 % reads", "operations"),
    DELETE(Group.USED, "delete", "deletes"),
    REOPEN_KILLED(Group.REOPENED, "reopen after kill -9", "opens"),
    TRANSACTIONS_1(Group.USED, "synced transactions of 10, 1 thread", "transactions"),
    TRANSACTIONS_4(Group.USED, "synced transactions of 10, 4 threads", "transactions");

    /** Rows that share a process. */
    public enum Group {
        USED,
        /** The store that {@link #USED} left behind when it was killed. */
        REOPENED
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

package io.tidemark.jepsen.history;

/**
 * How clients' calls ended.
 *
 * @param invoked calls begun
 * @param ok done
 * @param fail certainly not done
 * @param info unclear, those without any end among them
 */
public record Counts(long invoked, long ok, long fail, long info) {

    /** No call. */
    public static final Counts NONE = new Counts(0, 0, 0, 0);

    /** Both together. */
    public Counts plus(Counts other) {
        return new Counts(invoked + other.invoked, ok + other.ok, fail + other.fail, info + other.info);
    }

    /** The share of unclear calls, 0 to 1; above {@link #INFO_SHARE_MAX} a run says little. */
    public double infoShare() {
        return invoked == 0 ? 0 : (double) info / invoked;
    }

    /** More unclear calls than this, and a run says little. */
    public static final double INFO_SHARE_MAX = 0.1;
}

package io.tidemark.jepsen.fault;

import java.time.Duration;

/**
 * What happens to the requests that pass an {@link ObjectStoreProxy}. Shares are probabilities from 0 to 1, tried in the
 * order of the fields; what none of them takes is served after the delay.
 *
 * @param silent no request is read or answered at all: every caller runs into its time-out
 * @param writesHeld requests that may change something are read and kept, and served when the faults change next: late, when
 *     whoever sent them has given up and sent others
 * @param unavailable share of requests answered with 503 SlowDown, without being forwarded
 * @param swallowed share of requests that are read and never answered nor forwarded
 * @param answerLost share of <em>successful</em> PUTs whose answer is replaced by a closed connection
 * @param delay before a request is forwarded
 */
public record StoreFaults(
        boolean silent, boolean writesHeld, double unavailable, double swallowed, double answerLost, Duration delay) {

    /** Everything is served. */
    public static final StoreFaults NONE = new StoreFaults(false, false, 0, 0, 0, Duration.ZERO);

    /** Connections are accepted and nothing ever comes back. */
    public static final StoreFaults BLACK_HOLE = new StoreFaults(true, false, 0, 0, 0, Duration.ZERO);

    /** Reads are served; what would change something is kept for later. */
    public static final StoreFaults WRITES_HELD = new StoreFaults(false, true, 0, 0, 0, Duration.ZERO);

    /** Checks the shares. */
    public StoreFaults {
        for (double share : new double[] {unavailable, swallowed, answerLost}) {
            if (!(share >= 0 && share <= 1)) {
                throw new IllegalArgumentException("a share of requests is between 0 and 1, not " + share);
            }
        }
        if (delay.isNegative()) {
            throw new IllegalArgumentException("a delay is not negative: " + delay);
        }
    }

    /** A share of requests is refused with 503. */
    public static StoreFaults unavailable(double share) {
        return new StoreFaults(false, false, share, 0, 0, Duration.ZERO);
    }

    /** A share of successful PUTs stays without an answer. */
    public static StoreFaults answersLost(double share) {
        return new StoreFaults(false, false, 0, 0, share, Duration.ZERO);
    }

    /** Some of everything. */
    public static StoreFaults mixed(double share, Duration delay) {
        return new StoreFaults(false, false, share, share / 4, share, delay);
    }
}

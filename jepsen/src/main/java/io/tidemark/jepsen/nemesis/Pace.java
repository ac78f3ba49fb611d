package io.tidemark.jepsen.nemesis;

import java.time.Duration;
import java.util.Random;

/**
 * How long blows last and how long the cluster is left whole in between.
 *
 * @param struckMin of a blow, from the strike to the healing
 * @param struckMax likewise
 * @param wholeMin before the next blow, and before the first
 * @param wholeMax likewise
 */
public record Pace(Duration struckMin, Duration struckMax, Duration wholeMin, Duration wholeMax) {

    /** Checks that minima do not exceed maxima. */
    public Pace {
        if (struckMin.compareTo(struckMax) > 0 || wholeMin.compareTo(wholeMax) > 0 || wholeMin.isNegative()) {
            throw new IllegalArgumentException("a pace needs minima up to its maxima: " + struckMin + " to " + struckMax
                    + ", " + wholeMin + " to " + wholeMax);
        }
    }

    /** Always the same. */
    public static Pace even(Duration struck, Duration whole) {
        return new Pace(struck, struck, whole, whole);
    }

    /** The longest blow of a run of this length: a quarter of it, a minute at most. */
    public static Duration longestOf(Duration run) {
        return Duration.ofSeconds(Math.max(3, Math.min(60, run.toSeconds() / 4)));
    }

    /** Blows of 2 s to this, in between 1 to 6 s; if this is less than 3 s: all as long as this, in between 1 s. */
    public static Pace upTo(Duration longest) {
        Duration second = Duration.ofSeconds(1);
        return longest.toSeconds() < 3
                ? even(longest, second)
                : new Pace(Duration.ofSeconds(2), longest, second, Duration.ofSeconds(6));
    }

    /** Short blows are frequent, long ones rare: the mean is about a third of the way up. */
    Duration struck(Random random) {
        return random == null ? struckMin : between(struckMin, struckMax, Math.pow(random.nextDouble(), 2));
    }

    Duration whole(Random random) {
        return random == null ? wholeMin : between(wholeMin, wholeMax, random.nextDouble());
    }

    private static Duration between(Duration from, Duration to, double share) {
        return from.plusMillis(Math.round(share * to.minus(from).toMillis()));
    }
}

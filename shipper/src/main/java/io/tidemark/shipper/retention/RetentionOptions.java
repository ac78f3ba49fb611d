package io.tidemark.shipper.retention;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;

/**
 * How much of the past is kept; checked once. With both limits, what either keeps is kept.
 *
 * @param ageMillis states are kept for so long; 0 for ever, the default
 * @param checkpoints so many of the newest checkpoints are kept, with all states since; 0 for all, the default
 * @param graceMillis between what a manifest says and the first removal: longer than anybody reads by an older manifest; at
 *     least 0, default a day
 * @param packLivePercent pages are carried over from packs of which less is in use; 0 to 100, default 50, 0 for never
 * @param pollMillis rest between looks; at least 1, default 1,000
 */
public record RetentionOptions(
        long ageMillis, int checkpoints, long graceMillis, int packLivePercent, long pollMillis) {
    private static final long DAY_MILLIS = 86_400_000;

    /** Everything is kept. */
    public static RetentionOptions defaults() {
        return new RetentionOptions(0, 0, DAY_MILLIS, 50, 1_000);
    }

    public RetentionOptions {
        require(ageMillis >= 0, "retention-millis", ageMillis);
        require(checkpoints >= 0, "retention-checkpoints", checkpoints);
        require(graceMillis >= 0, "gc-grace-millis", graceMillis);
        require(packLivePercent >= 0 && packLivePercent <= 100, "pack-live-min-percent", packLivePercent);
        require(pollMillis >= 1, "pollMillis", pollMillis);
    }

    /** Whether anything is ever given up. */
    public boolean keepsAll() {
        return ageMillis == 0 && checkpoints == 0;
    }

    private static void require(boolean holds, String option, long found) {
        if (!holds) {
            throw new TidemarkException(ErrorKind.INVALID, "retention option " + option + " cannot be " + found);
        }
    }
}

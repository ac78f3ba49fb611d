package io.tidemark.shipper.checkpoint;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;

/**
 * When checkpoints are made, and how large their objects are; checked once.
 *
 * @param logBytes a checkpoint is made once the segments above the one before have so many bytes in S3, which is about
 *     what a restore replays (rule CT3); at least 1 KiB (tests), default 128 MiB
 * @param packBytes a pack ends when its pages have so many bytes, plain; 4 KiB (tests) to 64 MiB, default 4 MiB. It shows
 *     in content hashes of packs, so it is one for all nodes
 * @param keepFreeBytes disk space that the scratch files of a checkpoint leave free; default 512 MiB
 * @param pollMillis rest between looks when there is nothing to do; at least 1, default 500
 */
public record CheckpointOptions(long logBytes, int packBytes, long keepFreeBytes, long pollMillis) {

    public static CheckpointOptions defaults() {
        return new CheckpointOptions(128L << 20, 4 << 20, 512L << 20, 500);
    }

    public CheckpointOptions {
        require(logBytes >= 1 << 10, "logBytes", logBytes);
        require(packBytes >= 4 << 10 && packBytes <= 64 << 20, "packBytes", packBytes);
        require(keepFreeBytes >= 0, "keepFreeBytes", keepFreeBytes);
        require(pollMillis >= 1, "pollMillis", pollMillis);
    }

    public CheckpointOptions withLogBytes(long bytes) {
        return new CheckpointOptions(bytes, packBytes, keepFreeBytes, pollMillis);
    }

    public CheckpointOptions withKeepFreeBytes(long bytes) {
        return new CheckpointOptions(logBytes, packBytes, bytes, pollMillis);
    }

    private static void require(boolean holds, String option, long found) {
        if (!holds) {
            throw new TidemarkException(ErrorKind.INVALID, "checkpoint option " + option + " cannot be " + found);
        }
    }
}

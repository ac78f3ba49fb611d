package io.tidemark.recovery;

import io.tidemark.engine.StorageEngine.ContentsDigest;
import java.util.HexFormat;
import java.util.List;

/**
 * What verification of a history found.
 *
 * @param mark of the newest manifest, -1 when there is none
 * @param problems each in words, with the object's key; empty when all is well
 * @param objects read, ancestors' included
 * @param bytes of them
 * @param checkpoints of pages
 * @param entries in segments; an entry in two segments counts twice
 * @param replayed where the replay ended; null when none was asked for, or it could not be done
 */
public record VerifyReport(
        String history,
        long mark,
        List<String> problems,
        long objects,
        long bytes,
        long segments,
        long manifests,
        long checkpoints,
        long entries,
        Replayed replayed) {

    /** The state that the segments lead to. */
    public record Replayed(long lsn, long redoChain, ContentsDigest contents) {
        public String redoChainHex() {
            return HexFormat.of().toHexDigits(redoChain);
        }
    }

    public VerifyReport {
        problems = List.copyOf(problems);
    }

    public boolean sound() {
        return problems.isEmpty();
    }
}

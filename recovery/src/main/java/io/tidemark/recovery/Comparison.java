package io.tidemark.recovery;

import io.tidemark.engine.StorageEngine.State;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.shipper.segment.SegmentFooter.Position;
import java.util.HexFormat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares an engine, as it goes, with what the leaders that shipped had at the same places (rules W3, M4). The chain
 * covers everything before it, so the last place decides: a leader whose pages were wrong, and that was found out, has
 * left segments with its own chain behind, and those of its successors prove the engine right.
 */
final class Comparison {
    private static final Logger LOG = LoggerFactory.getLogger(Comparison.class);

    private String firstDifference;
    private boolean lastDiffers;

    void compare(State engine, Position expected, String source) {
        lastDiffers = engine.redoChain() != expected.redoChain();
        if (lastDiffers && firstDifference == null) {
            firstDifference = "the pages at LSN " + engine.applied() + " are not those of the leader that shipped: redo"
                    + " chain " + hex(engine.redoChain()) + ", " + source + " says " + hex(expected.redoChain());
        }
        if (!engine.terms().equals(expected.terms())) {
            throw new TidemarkException(
                    ErrorKind.CORRUPT,
                    "the term history at LSN " + engine.applied() + " is " + engine.terms() + ", " + source + " says "
                            + expected.terms());
        }
    }

    /** @param mark S3 has every entry up to here */
    void decide(long mark) {
        if (lastDiffers) {
            throw new ChainMismatchException(firstDifference + "; rebuild this store", mark);
        } else if (firstDifference != null) {
            LOG.warn("{}; what was shipped after that proves this store right", firstDifference);
        }
    }

    private static String hex(long chain) {
        return HexFormat.of().toHexDigits(chain);
    }
}

package io.tidemark.engine.error;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends this process at once, nothing is closed; the last line of the log says why, and the next start recovers. */
public final class ProcessHalt implements Halt {
    private static final Logger LOG = LoggerFactory.getLogger("io.tidemark.HALT");

    @Override
    public TidemarkException halt(String reason, Throwable cause) {
        try {
            LOG.error("{}", reason, cause);
        } finally {
            Runtime.getRuntime().halt(EXIT_CODE);
        }
        throw new AssertionError("the process outlived its end");
    }
}

package io.tidemark.daemon.node;

import io.tidemark.engine.error.Halt;
import io.tidemark.engine.error.TidemarkException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends this process at once: the log's last lines say why, nothing is closed, restart recovers. */
final class SystemHalt implements Halt, Thread.UncaughtExceptionHandler {
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

    /** An exception that nobody expected leaves a state that nobody can explain. */
    @Override
    public void uncaughtException(Thread thread, Throwable failure) {
        throw halt("uncaught in thread " + thread.getName() + ": " + failure, failure);
    }
}

package io.tidemark.daemon.node;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.Halt;
import io.tidemark.engine.error.TidemarkException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends this process at once: the log's last lines say why, nothing is closed, restart recovers. Where the reason is damage
 * that was found in the node's files, that is noted beside them: the next process must not go on with them.
 */
final class SystemHalt implements Halt, Thread.UncaughtExceptionHandler {
    private static final Logger LOG = LoggerFactory.getLogger("io.tidemark.HALT");

    private final Path note;

    /** @param note the file for what was found */
    SystemHalt(Path note) {
        this.note = note;
    }

    @Override
    public TidemarkException halt(String reason, Throwable cause) {
        try {
            LOG.error("{}", reason, cause);
            noteDamage(reason, cause);
        } finally {
            Runtime.getRuntime().halt(EXIT_CODE);
        }
        throw new AssertionError("the process outlived its end");
    }

    private void noteDamage(String reason, Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof TidemarkException known && known.kind() == ErrorKind.CORRUPT) {
                try {
                    Files.writeString(note, reason + "\n", StandardOpenOption.CREATE, StandardOpenOption.SYNC);
                } catch (IOException e) {
                    LOG.error("{} could not be written: {}", note, e.toString());
                }
                return;
            }
        }
    }

    /** An exception that nobody expected leaves a state that nobody can explain. */
    @Override
    public void uncaughtException(Thread thread, Throwable failure) {
        throw halt("uncaught in thread " + thread.getName() + ": " + failure, failure);
    }
}

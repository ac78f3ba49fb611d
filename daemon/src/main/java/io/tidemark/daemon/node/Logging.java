package io.tidemark.daemon.node;

import ch.qos.logback.classic.Level;
import java.util.logging.Handler;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** Everything that a process logs goes through Logback, also what libraries give to {@code java.util.logging}. */
final class Logging {
    private Logging() {}

    static void configure() {
        Logger root = LogManager.getLogManager().getLogger("");
        for (Handler handler : root.getHandlers()) {
            root.removeHandler(handler);
        }
        SLF4JBridgeHandler.install();
        if (System.getProperty("tidemark.log") == null
                && LoggerFactory.getLogger("io.tidemark") instanceof ch.qos.logback.classic.Logger own) {
            own.setLevel(Level.INFO);
        }
    }
}

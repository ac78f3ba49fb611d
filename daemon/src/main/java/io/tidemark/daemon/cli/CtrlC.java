package io.tidemark.daemon.cli;

import io.tidemark.daemon.cluster.ClusterFile;
import io.tidemark.daemon.process.ClusterProcesses;
import io.tidemark.daemon.process.Poll;
import io.tidemark.daemon.process.Shutdown;
import io.tidemark.daemon.process.StopOutcome;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Map;

/** Stops the whole cluster when the person (or SIGTERM) ends the command that shows it. */
final class CtrlC {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ClusterFile cluster;
    private final ClusterProcesses processes;
    private final PrintWriter err;
    private final Thread hook = new Thread(this::stop, "ctrl-c");
    private volatile boolean pressed;

    CtrlC(ClusterFile cluster, ClusterProcesses processes, PrintWriter err) {
        this.cluster = cluster;
        this.processes = processes;
        this.err = err;
    }

    void install() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Leaves the cluster as it is when this process ends; no effect once the end has begun. */
    void uninstall() {
        if (!pressed) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                pressed = true; // the end has begun: the hook runs
            }
        }
    }

    boolean pressed() {
        return pressed;
    }

    /** Waits for the hook, which ends the process. */
    void awaitStopped() {
        Poll.until(PATIENCE.multipliedBy(3), Duration.ofMillis(200), () -> false);
    }

    private void stop() {
        pressed = true;
        err.println();
        err.println("stopping ...");
        int exit = 0;
        try {
            Map<String, StopOutcome> outcomes = new Shutdown(cluster, processes).stopAll(PATIENCE);
            outcomes.forEach((name, outcome) -> err.println("  " + DownCommand.sentence(name, outcome)));
        } catch (RuntimeException e) {
            err.println("tidemark: " + Failures.explain(Failures.unwrap(e)));
            exit = 1;
        }
        err.flush();
        // The person asked for the end and got it: that is success, not the 130 of an interrupted program.
        Runtime.getRuntime().halt(exit);
    }
}

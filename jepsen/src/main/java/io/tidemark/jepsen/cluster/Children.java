package io.tidemark.jepsen.cluster;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Processes that must not outlive this one: killed when it ends by itself or by SIGTERM. */
final class Children {
    private static final Set<Process> ALIVE = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> ALIVE.forEach(Process::destroyForcibly), "kill-children"));
    }

    private Children() {}

    /** The process, which ends with this one. */
    static Process own(Process process) {
        ALIVE.add(process);
        process.onExit().thenAccept(ALIVE::remove);
        return process;
    }
}

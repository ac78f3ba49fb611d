package io.tidemark.raft.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.codahale.metrics.Counter;
import io.tidemark.engine.error.Halt;
import io.tidemark.raft.Member;
import io.tidemark.raft.NodeIdentity;
import io.tidemark.raft.Ports;
import io.tidemark.raft.guard.Formation;
import io.tidemark.raft.guard.RaftFiles;
import io.tidemark.raft.guard.TargetGuard;
import io.tidemark.raft.machine.EngineStateMachine;
import io.tidemark.raft.machine.SilentEvents;
import io.tidemark.raft.machine.StubEngine;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.raftlog.RaftLogBase;
import org.apache.ratis.util.AutoCloseableLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class RaftRunIT {
    private final CompletableFuture<String> halted = new CompletableFuture<>();
    private final Halt halt = (reason, cause) -> {
        halted.complete(reason);
        return Halt.THROW.halt(reason, cause);
    };

    @TempDir
    Path dir;

    /** Seen once: Ratis waited for its cache's thread, which waited for the lock that the closing thread held. */
    @Test
    void aRunThatDoesNotCloseHaltsItsNodeInsteadOfHangingForEver() throws Exception {
        RaftRun run = run();
        run.start();
        CompletableFuture<Void> closing;
        try (AutoCloseableLock held = ((RaftLogBase) run.log()).writeLock()) {
            closing = CompletableFuture.runAsync(() -> run.close(Duration.ofMillis(100)));
            String why = halted.get(30, TimeUnit.SECONDS);
            assertTrue(why.contains("has not closed within 100 ms"), why);
        }
        closing.get(30, TimeUnit.SECONDS);
    }

    /** It was kept for half a minute, with its engine's pool. */
    @Test
    @Timeout(20)
    void aRunThatHasClosedHaltsNobodyAndIsForgotten() throws Exception {
        RaftRun run = run();
        run.start();
        run.close();
        WeakReference<RaftRun> kept = new WeakReference<>(run);
        run = null;
        while (kept.get() != null) {
            System.gc();
        }
        assertEquals("", halted.getNow(""));
    }

    private RaftRun run() throws IOException {
        Member self = new Member("n1", 1, "127.0.0.1:" + Ports.free(), "127.0.0.1:" + Ports.free());
        UUID group = UUID.randomUUID();
        NodeIdentity identity = new NodeIdentity("c", "h", group, self, List.of(self));
        RaftFiles files = new RaftFiles(dir.resolve("raft"), group);
        return new RaftRun(
                identity,
                files,
                new Formation(dir, group + " " + self.id(), files),
                new TargetGuard(RaftPeerId.valueOf(self.id()), new Counter(), () -> 0, () -> {}),
                new EngineStateMachine(new StubEngine(-1, 0), entry -> {}, null, new SilentEvents(), halt),
                halt);
    }
}

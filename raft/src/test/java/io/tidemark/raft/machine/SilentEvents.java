package io.tidemark.raft.machine;

import io.tidemark.engine.log.LogEntry;
import io.tidemark.engine.store.ColdPageException;
import java.util.concurrent.CompletableFuture;
import org.apache.ratis.server.protocol.TermIndex;

/** A node that does nothing with what it is told. */
public class SilentEvents implements MachineEvents {
    @Override
    public void storageReady() {}

    @Override
    public void logSyncing(long index) {}

    @Override
    public CompletableFuture<Void> logTruncating(long first, TermIndex before) {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void appended(long index) {}

    @Override
    public void applied(LogEntry entry) {}

    @Override
    public void leaderReady() {}

    @Override
    public void notLeader() {}

    @Override
    public CompletableFuture<TermIndex> installRequested(TermIndex firstAvailable) {
        return new CompletableFuture<>();
    }

    @Override
    public void givenUp(ColdPageException page) {}

    @Override
    public void divisionClosed() {}
}

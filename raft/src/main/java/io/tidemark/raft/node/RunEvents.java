package io.tidemark.raft.node;

import io.tidemark.engine.StorageEngine;
import io.tidemark.engine.log.EntryKind;
import io.tidemark.engine.log.LogEntry;
import io.tidemark.engine.mark.Timeline;
import io.tidemark.engine.store.ColdPageException;
import io.tidemark.raft.Member;
import io.tidemark.raft.machine.MachineEvents;
import io.tidemark.raft.membership.Configurations;
import io.tidemark.raft.retention.LogRetention;
import io.tidemark.shipper.ShippingLag;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import org.apache.ratis.server.protocol.TermIndex;

/**
 * What one run of Ratis tells, handed on to the parts that it concerns: cheap things at once, the rest on the control
 * thread. Late words of a run that has ended are ignored there.
 */
final class RunEvents implements MachineEvents {
    /** What all runs of a node share. */
    record Parts(
            StorageEngine engine,
            Timeline timeline,
            ShippingLag lag,
            MarkWaiters waiters,
            MarkWaiters inS3,
            ComingEntries coming,
            LogRetention retention,
            ChainGuard chains,
            Leadership leadership,
            RunLife life,
            CurrentRun current,
            Runnable formed,
            BooleanSupplier syncNames,
            Executor control) {}

    private final Parts parts;
    private final RunLife.RaftRunRef run;
    private final Member self;
    private long shipped;

    RunEvents(Parts parts, Member self, RunLife.RaftRunRef run) {
        this.parts = parts;
        this.self = self;
        this.run = run;
        this.shipped = parts.engine().state().shipped();
        // while it caught up the mark moved without an entry of the log
        parts.inS3().reached(Math.max(parts.inS3().mark(), parts.timeline().highWater()));
    }

    @Override
    public void storageReady() {
        parts.formed().run();
    }

    @Override
    public void logSyncing(long index) {
        run.tail().syncing(index, parts.syncNames().getAsBoolean());
    }

    @Override
    public CompletableFuture<Void> logTruncating(long first, TermIndex before) {
        return run.tail().truncating(first, before);
    }

    @Override
    public void appended(long index) {
        parts.coming().appended(index);
    }

    @Override
    public void applied(LogEntry entry) {
        long mark = parts.engine().state().shipped();
        parts.timeline().committed(entry.lsn());
        if (mark > shipped) {
            shipped = mark;
            parts.lag().shipped(mark);
            parts.retention().shipped(entry.lsn(), mark);
            parts.inS3().reached(Math.max(parts.inS3().mark(), mark));
        }
        if (entry.payload().length <= ChainGuard.ANNOUNCEMENT_BYTES_MAX) {
            parts.chains().announced(entry, parts.leadership().serves());
        }
        parts.coming().applied();
        parts.lag().applied(entry);
        parts.waiters().reached(entry.lsn());
        if (entry.kind() == EntryKind.CONFIGURATION && Configurations.supersedes(entry.payload(), self)) {
            divisionClosed();
        }
    }

    @Override
    public void leaderReady() {
        parts.control().execute(() -> parts.leadership().begin(run.get()));
    }

    @Override
    public void notLeader() {
        parts.control().execute(() -> parts.leadership().end(parts.current()::notLeader));
    }

    @Override
    public CompletableFuture<TermIndex> installRequested(TermIndex first) {
        CompletableFuture<TermIndex> asked = new CompletableFuture<>();
        parts.control()
                .execute(() -> parts.life().install(run.get(), first, asked, next -> new RunEvents(parts, self, next)));
        return asked;
    }

    @Override
    public void givenUp(ColdPageException page) {
        parts.control().execute(() -> parts.life().lacks(page));
    }

    @Override
    public void divisionClosed() {
        parts.control().execute(() -> parts.life().closedByRatis(run.get()));
    }
}

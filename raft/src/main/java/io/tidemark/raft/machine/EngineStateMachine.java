package io.tidemark.raft.machine;

import io.tidemark.engine.StorageEngine;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.Halt;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.log.Entry;
import io.tidemark.engine.log.EntryKind;
import io.tidemark.engine.log.EntryLimits;
import io.tidemark.engine.log.LogEntry;
import io.tidemark.engine.log.Reply;
import io.tidemark.engine.store.ColdPageException;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.proto.RaftProtos.RoleInfoProto;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftGroupMemberId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.exceptions.StateMachineException;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.server.storage.RaftStorageMetadata;
import org.apache.ratis.statemachine.SnapshotInfo;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The engine as Ratis drives it.
 *
 * <p>Every entry of the log reaches the engine once and in order: commands by {@link #applyTransaction}, Ratis' own by
 * {@link #notifyTermIndexUpdated}, which it calls for those and only those (rule M4). What Ratis delivers again after a
 * restart the engine skips.
 *
 * <p>A snapshot is the statement that S3 has everything up to the entry before this node's log (rule L1); see {@link
 * #logBeginsAfter}.
 */
public final class EngineStateMachine extends BaseStateMachine {
    private static final Logger LOG = LoggerFactory.getLogger(EngineStateMachine.class);

    private final StorageEngine engine;
    private final Consumer<Entry> limits;
    private final MachineEvents events;
    private final Halt halt;
    private volatile TermIndex applied;
    private volatile ShippedSnapshot snapshot;
    private volatile long delivered;
    private volatile RaftServer server;
    private volatile RaftGroupId group;

    /**
     * @param limits throws {@code INVALID} for an entry that this store could not apply
     * @param before term and LSN of the entry before the log's first; null when the log is whole
     */
    public EngineStateMachine(
            StorageEngine engine, Consumer<Entry> limits, TermIndex before, MachineEvents events, Halt halt) {
        this.engine = engine;
        this.limits = limits;
        this.events = events;
        this.halt = halt;
        this.snapshot = before == null ? null : new ShippedSnapshot(before);
        this.delivered = before == null ? -1 : before.getIndex();
        StorageEngine.State state = engine.state();
        this.applied = TermIndex.valueOf(state.term(), state.applied());
        setLastAppliedTermIndex(applied);
    }

    /**
     * Reads the term that Ratis is about to start from, and raises it to the engine's if that is higher: terms go on
     * rising across histories and through a replaced log (rule H1).
     */
    @Override
    public void initialize(RaftServer raftServer, RaftGroupId groupId, RaftStorage storage) throws IOException {
        super.initialize(raftServer, groupId, storage);
        server = raftServer;
        group = groupId;
        long term = engine.state().term();
        RaftStorageMetadata stored = storage.getMetadataFile().getMetadata();
        if (stored.getTerm() < term) {
            LOG.info("raising Raft's term from {} to {}, the term of the engine's last entry", stored.getTerm(), term);
            storage.getMetadataFile().persist(RaftStorageMetadata.valueOf(term, null));
        }
        events.storageReady();
    }

    /**
     * Only what this process itself proposes enters the log, and only if every node will be able to apply it: a refusal
     * here leaves the leader in office (rule E3).
     */
    @Override
    public TransactionContext startTransaction(RaftClientRequest request) throws IOException {
        TransactionContext transaction = TransactionContext.newBuilder()
                .setStateMachine(this)
                .setClientRequest(request)
                .setStateMachineContext(request.getMessage())
                .build();
        try {
            if (!(request.getMessage() instanceof Proposal proposal)) {
                throw new TidemarkException(
                        ErrorKind.INVALID, "entries are proposed by the node's own process, not over Raft's port");
            }
            EntryLimits.check(proposal.entry());
            limits.accept(proposal.entry());
        } catch (TidemarkException e) {
            transaction.setException(e);
        }
        return transaction;
    }

    /** An entry of another node's, as it is appended here. */
    @Override
    public TransactionContext startTransaction(LogEntryProto entry, RaftPeerRole role) {
        events.appended(entry.getIndex());
        return super.startTransaction(entry, role);
    }

    @Override
    public TransactionContext preAppendTransaction(TransactionContext transaction) throws StateMachineException {
        if (transaction.getStateMachineContext() instanceof Proposal proposal) {
            proposal.markAppended();
        }
        return transaction;
    }

    @Override
    public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
        LogEntryProto proto = transaction.getLogEntry();
        Proposal proposal = transaction.getStateMachineContext() instanceof Proposal own ? own : null;
        byte[] payload = proposal != null
                ? proposal.payload()
                : proto.getStateMachineLogEntry().getLogData().toByteArray();
        List<Reply> replies = apply(new LogEntry(proto.getIndex(), proto.getTerm(), EntryKind.COMMANDS, payload));
        if (proposal != null) {
            proposal.replies().complete(replies);
        }
        return CompletableFuture.completedFuture(Message.EMPTY);
    }

    /** Ratis' own entries, which it never hands to {@link #applyTransaction}: their bytes are read back from its log. */
    @Override
    public void notifyTermIndexUpdated(long term, long index) {
        LogEntry entry;
        try {
            LogEntryProto proto = log().get(index);
            if (proto == null || proto.getTerm() != term) {
                throw new IOException("Ratis' log holds " + proto + " at " + index);
            }
            entry = LogEntries.of(proto);
        } catch (IOException e) {
            throw halt.halt("cannot read Ratis' own entry (" + term + ", " + index + ") back from its log", e);
        }
        apply(entry);
    }

    private List<Reply> apply(LogEntry entry) {
        try {
            List<Reply> replies = engine.apply(entry);
            if (entry.lsn() > applied.getIndex()) {
                applied = TermIndex.valueOf(entry.term(), entry.lsn());
                setLastAppliedTermIndex(applied);
            }
            delivered = entry.lsn();
            events.applied(entry);
            return replies;
        } catch (TidemarkException e) {
            if (e.kind() == ErrorKind.UNAVAILABLE && engine.isEnding()) {
                if (e instanceof ColdPageException page && page.isGivenUp()) {
                    events.givenUp(page);
                }
                throw e; // it waited for a page, and the node is being closed
            }
            throw halt.halt("cannot apply " + entry + " after " + applied, e);
        } catch (Throwable e) {
            throw halt.halt("cannot apply " + entry + " after " + applied, e);
        }
    }

    @Override
    public TermIndex getLastAppliedTermIndex() {
        return applied;
    }

    /**
     * The last entry that Ratis has handed in since it began to run. After a restart it begins again at the log's first
     * entry, far behind the engine, and stands still for ever at one that its log has let go of meanwhile.
     */
    public long delivered() {
        return delivered;
    }

    /** The entry before the log's first, null when the log is whole; asked for with every request of the leader. */
    @Override
    public SnapshotInfo getLatestSnapshot() {
        return snapshot;
    }

    /** Moves the log's beginning forward, before the files go (rule L1). */
    public void logBeginsAfter(TermIndex before) {
        ShippedSnapshot old = snapshot;
        if (old != null && old.termIndex().getIndex() > before.getIndex()) {
            throw halt.halt("the log began after " + old.termIndex() + " and would now begin after " + before, null);
        }
        snapshot = new ShippedSnapshot(before);
    }

    /** The log of the division that runs this state machine. */
    public RaftLog log() throws IOException {
        return server.getDivision(group).getRaftLog();
    }

    @Override
    public CompletableFuture<Message> query(Message request) {
        return CompletableFuture.completedFuture(Message.EMPTY);
    }

    @Override
    public void notifyLeaderReady() {
        events.leaderReady();
    }

    @Override
    public void notifyNotLeader(Collection<TransactionContext> pending) {
        events.notLeader();
    }

    @Override
    public void notifyLeaderChanged(RaftGroupMemberId member, RaftPeerId leader) {
        if (!member.getPeerId().equals(leader)) {
            events.notLeader();
        }
    }

    @Override
    public CompletableFuture<TermIndex> notifyInstallSnapshotFromLeader(RoleInfoProto role, TermIndex first) {
        return events.installRequested(first);
    }

    @Override
    public CompletableFuture<Void> flush(long logIndex) {
        events.logSyncing(logIndex);
        return CompletableFuture.completedFuture(null);
    }

    /** @param first first entry to go: Ratis' own documentation says the last to stay, and is off by one */
    @Override
    public CompletableFuture<Void> truncate(long first) {
        try {
            return events.logTruncating(first, first > 0 ? log().getTermIndex(first - 1) : null);
        } catch (IOException e) {
            throw halt.halt("the log is cut before entry " + first + " while there is none", e);
        }
    }

    /** A log that cannot be written would refuse everything until a restart, quietly (hazard R7). */
    @Override
    public void notifyLogFailed(Throwable cause, LogEntryProto failed) {
        throw halt.halt("Ratis cannot write its log at " + (failed == null ? "?" : failed.getIndex()), cause);
    }

    @Override
    public void notifyServerShutdown(RoleInfoProto role, boolean allServer) {
        events.divisionClosed();
    }
}

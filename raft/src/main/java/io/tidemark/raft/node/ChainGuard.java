package io.tidemark.raft.node;

import com.codahale.metrics.Counter;
import com.codahale.metrics.MetricRegistry;
import io.tidemark.engine.StorageEngine;
import io.tidemark.engine.log.Command;
import io.tidemark.engine.log.EntryCodec;
import io.tidemark.engine.log.EntryKind;
import io.tidemark.engine.log.LogEntry;
import io.tidemark.engine.log.Operation.AdvanceHighWater;
import io.tidemark.raft.Member;
import io.tidemark.raft.NodeIdentity;
import io.tidemark.raft.guard.UnfitException;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares this node's redo chain with the one that each advance of the shipped mark announces (rule C1, its cheap
 * form). Where they differ, loudly, and on the leader at each advance, the members are asked for theirs: a node that most
 * of them contradict must stop, whoever led; without a majority nobody does, and they are asked again. Log shipping never
 * depends on it.
 *
 * <p>Threads: {@link #announced} on the applying thread; {@link #vote} where it may block.
 */
final class ChainGuard {
    private static final Logger LOG = LoggerFactory.getLogger(ChainGuard.class);

    /**
     * No announcement is larger: one command with the name of an object. Whether the mark moved is no test: a node that
     * lost an announcement refuses all that follow, and they have to be compared above all.
     */
    static final int ANNOUNCEMENT_BYTES_MAX = 1024;

    /** So many times the members are asked at once, then now and then. */
    private static final int PATIENT_AFTER = 10;

    private static final int PATIENT_LOOKS = 20;

    private final NodeIdentity identity;
    private final StorageEngine engine;
    private final PeerChains peers;
    private final Supplier<List<Member>> members;
    private final Counter mismatches;
    private final Counter skipped;
    private final AtomicBoolean voting = new AtomicBoolean();
    private volatile long mismatch = -1;

    /** LSN at which the members are yet to be asked, -1 for none. */
    private volatile long open = -1;

    private volatile int undecided;
    private int looks;

    ChainGuard(
            NodeIdentity identity,
            StorageEngine engine,
            PeerChains peers,
            Supplier<List<Member>> members,
            MetricRegistry metrics) {
        this.identity = identity;
        this.engine = engine;
        this.peers = peers;
        this.members = members;
        this.mismatches = metrics.counter("raft.chain.mismatches");
        this.skipped = metrics.counter("raft.chain.skipped");
    }

    /** What most members, asked now, have to say. */
    enum Verdict {
        SAME,
        OUTVOTED,
        /** Too few answer, or know the chain there. */
        UNDECIDED
    }

    /**
     * An entry that may move the shipped mark was applied; others are passed over.
     *
     * @param leads this node announced the chain itself, so its own word is no comparison
     */
    void announced(LogEntry entry, boolean leads) {
        if (entry.kind() == EntryKind.COMMANDS) {
            for (Command command : EntryCodec.decode(entry.payload()).commands()) {
                if (command.operation() instanceof AdvanceHighWater advance && (differs(advance) || leads)) {
                    open = advance.last();
                }
            }
        }
    }

    /** This node's chain at {@code lsn} is not the one that S3 has; its members decide once it has any. */
    void suspect(long lsn) {
        mismatch = lsn;
        mismatches.inc();
        open = lsn;
    }

    /** Called again and again; asks the members if there is anything to ask, and says what they contradict. */
    void look(Executor mayBlock, Consumer<UnfitException> outvoted) {
        boolean due = undecided < PATIENT_AFTER || ++looks % PATIENT_LOOKS == 0;
        if (open < 0 || !due || !voting.compareAndSet(false, true)) {
            return;
        }
        mayBlock.execute(() -> {
            try {
                ask(open, outvoted);
            } finally {
                voting.set(false);
            }
        });
    }

    private void ask(long lsn, Consumer<UnfitException> outvoted) {
        Verdict verdict = vote(lsn);
        undecided = verdict == Verdict.UNDECIDED ? undecided + 1 : 0;
        if (verdict != Verdict.UNDECIDED && open == lsn) {
            open = -1;
        }
        if (verdict == Verdict.OUTVOTED) {
            mismatch = lsn;
            outvoted.accept(new UnfitException("most members have another redo chain after entry " + lsn
                    + " than this node: its store has other bytes than the log says"));
        }
    }

    private boolean differs(AdvanceHighWater advance) {
        OptionalLong own = engine.chainAt(advance.last());
        if (own.isEmpty()) {
            skipped.inc();
        } else if (own.getAsLong() != advance.redoChain()) {
            mismatch = advance.last();
            mismatches.inc();
            LOG.error(
                    "node {} has redo chain {} after entry {}, the leader that shipped it had {}: one of them has"
                            + " changed other bytes than the log says",
                    identity.self().id(),
                    Long.toHexString(own.getAsLong()),
                    advance.last(),
                    Long.toHexString(advance.redoChain()));
            return true;
        }
        return false;
    }

    /** LSN of the last difference, -1 when there was none. */
    long mismatch() {
        return mismatch;
    }

    /** Asks every member for its chain at {@code lsn}. Blocks for as long as they take to answer. */
    Verdict vote(long lsn) {
        OptionalLong own = engine.chainAt(lsn);
        if (own.isEmpty()) {
            return Verdict.UNDECIDED;
        }
        List<Member> all = members.get();
        int against = 0;
        int same = 0;
        for (Member member : all) {
            OptionalLong theirs = member.equals(identity.self()) ? own : peers.chainAt(member.http(), lsn);
            against += theirs.isPresent() && theirs.getAsLong() != own.getAsLong() ? 1 : 0;
            same += theirs.isPresent() && theirs.getAsLong() == own.getAsLong() ? 1 : 0;
        }
        int majority = all.size() / 2 + 1;
        return against >= majority ? Verdict.OUTVOTED : same >= majority ? Verdict.SAME : Verdict.UNDECIDED;
    }
}

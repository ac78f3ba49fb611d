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
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares this node's redo chain with the one that each advance of the shipped mark announces (rule C1, its cheap
 * form). A difference is recorded, loudly, and then the members vote by their chains: a node that most of them contradict
 * must stop, whoever led; without a majority nobody does. Log shipping never depends on it.
 */
final class ChainGuard {
    private static final Logger LOG = LoggerFactory.getLogger(ChainGuard.class);

    private final NodeIdentity identity;
    private final StorageEngine engine;
    private final PeerChains peers;
    private final Supplier<List<Member>> members;
    private final Counter mismatches;
    private final Counter skipped;
    private volatile long mismatch = -1;

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

    /** An entry that moved the shipped mark was applied; true when it announced another chain than this node's. */
    boolean announced(LogEntry entry) {
        boolean differs = false;
        if (entry.kind() == EntryKind.COMMANDS) {
            for (Command command : EntryCodec.decode(entry.payload()).commands()) {
                differs |= command.operation() instanceof AdvanceHighWater advance && differs(advance);
            }
        }
        return differs;
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

    /** Whether most members, asked now, disagree with this node about the chain at {@code lsn}. */
    boolean outvoted(long lsn) {
        OptionalLong own = engine.chainAt(lsn);
        if (own.isEmpty()) {
            return false;
        }
        List<Member> all = members.get();
        int against = 0;
        for (Member member : all) {
            OptionalLong theirs = member.equals(identity.self()) ? own : peers.chainAt(member.http(), lsn);
            if (theirs.isPresent() && theirs.getAsLong() != own.getAsLong()) {
                against++;
            }
        }
        return against > all.size() / 2;
    }
}

package io.tidemark.raft.membership;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.raft.Member;
import io.tidemark.raft.run.RaftRun;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.SetConfigurationRequest;
import org.apache.ratis.protocol.SetConfigurationRequest.Arguments;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes the Raft configuration, one change at a time: a newcomer is fed as a learner that counts for nothing until it
 * has what this leader has, and then one joint change makes it a voter and removes every older incarnation of its name.
 * Silence alone removes nobody. A change may be asked for again, of any leader: what is done is found out from the
 * configuration.
 *
 * <p>The learner is Ratis' own staging of a new voter. A configured listener would be the same in the algorithm, but
 * Ratis 3.3.0 never takes a listener that became a voter for caught up ({@code LeaderStateImpl.checkStaging} looks among
 * voters only), so that it is fed as a newcomer, and does not vote, until the leader changes.
 */
public final class Membership {
    private static final Logger LOG = LoggerFactory.getLogger(Membership.class);
    private static final long STEP_MILLIS = 200;

    private final Supplier<RaftRun> current;
    private final Supplier<TidemarkException> notLeader;
    private final ScheduledExecutorService executor;
    private final ClientId client = ClientId.randomId();
    private final AtomicLong calls = new AtomicLong();
    private final AtomicInteger admitting = new AtomicInteger();

    /** @param executor one thread: changes take turns */
    public Membership(
            Supplier<RaftRun> current, Supplier<TidemarkException> notLeader, ScheduledExecutorService executor) {
        this.current = current;
        this.notLeader = notLeader;
        this.executor = executor;
    }

    /**
     * Completes when the newcomer is a voter and its predecessors are out. Fails when this node does not lead, or when a
     * later incarnation of the name is a member already; the caller bounds the wait and may ask again.
     */
    public CompletableFuture<Void> admit(Member newcomer) {
        CompletableFuture<Void> admitted = new CompletableFuture<>();
        admitting.incrementAndGet();
        admitted.whenComplete((done, failure) -> admitting.decrementAndGet());
        executor.execute(() -> step(newcomer, admitted));
        return admitted;
    }

    /** Whether a newcomer is on its way, whose place in the log Ratis does not tell. */
    public boolean admitting() {
        return admitting.get() > 0;
    }

    private void step(Member newcomer, CompletableFuture<Void> admitted) {
        if (admitted.isDone()) {
            return; // the caller has given up
        }
        try {
            if (advance(newcomer)) {
                admitted.complete(null);
                return;
            }
        } catch (TidemarkException e) {
            admitted.completeExceptionally(e);
            return;
        } catch (IOException | RuntimeException e) {
            LOG.info("taking {} in is not possible yet: {}", newcomer.id(), e.toString());
        }
        executor.schedule(() -> step(newcomer, admitted), STEP_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Makes the change if it is possible now; true when the newcomer is a voter and its predecessors are out. */
    private boolean advance(Member newcomer) throws IOException {
        RaftRun run = current.get();
        if (run == null || !run.division().getInfo().isLeaderReady()) {
            throw notLeader.get();
        }
        Collection<RaftPeer> voters = run.division().getRaftConf().getAllPeers();
        requireNewest(newcomer, voters);
        RaftPeer peer = RaftRun.peer(newcomer);
        List<RaftPeer> wanted = withoutOlder(newcomer, voters);
        if (contains(voters, peer.getId()) && wanted.size() == voters.size() - 1) {
            return true;
        }
        LOG.info("taking {} in as a voter, for every older incarnation of {}", newcomer.id(), newcomer.name());
        wanted.add(peer);
        change(run, wanted);
        return false;
    }

    private void change(RaftRun run, List<RaftPeer> voters) throws IOException {
        Arguments arguments = Arguments.newBuilder().setServersInNewConf(voters).build();
        var reply = run.server()
                .setConfiguration(new SetConfigurationRequest(
                        client, run.self(), run.group(), calls.incrementAndGet(), arguments));
        if (!reply.isSuccess()) {
            throw new IOException("the configuration did not change", reply.getException());
        }
    }

    private static void requireNewest(Member newcomer, Collection<RaftPeer> peers) {
        for (RaftPeer peer : peers) {
            String id = peer.getId().toString();
            if (Member.nameOf(id).equals(newcomer.name()) && Member.incarnationOf(id) > newcomer.incarnation()) {
                throw new TidemarkException(
                        ErrorKind.INVALID,
                        newcomer.id() + " has been superseded by " + id
                                + ": remove its directory and start it again, it joins as the next incarnation");
            }
        }
    }

    /** All peers but those of the newcomer's name. */
    private static List<RaftPeer> withoutOlder(Member newcomer, Collection<RaftPeer> peers) {
        List<RaftPeer> others = new ArrayList<>();
        for (RaftPeer peer : peers) {
            if (!Member.nameOf(peer.getId().toString()).equals(newcomer.name())) {
                others.add(peer);
            }
        }
        return others;
    }

    private static boolean contains(Collection<RaftPeer> peers, RaftPeerId id) {
        return peers.stream().anyMatch(peer -> peer.getId().equals(id));
    }
}

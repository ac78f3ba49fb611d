package io.tidemark.raft.node;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.raft.batch.EntryProposer;
import io.tidemark.raft.batch.LimitException;
import io.tidemark.raft.machine.Proposal;
import io.tidemark.raft.run.RaftRun;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.TransferLeadershipRequest;
import org.apache.ratis.protocol.exceptions.LeaderNotReadyException;
import org.apache.ratis.protocol.exceptions.LeaderSteppingDownException;
import org.apache.ratis.protocol.exceptions.ResourceUnavailableException;
import org.apache.ratis.protocol.exceptions.StateMachineException;
import org.apache.ratis.protocol.exceptions.TransferLeadershipException;

/**
 * The way into Ratis within this process. Every request has a call id of its own: Ratis' retry cache answers re-delivered
 * entries with a dummy, so a retry must never look like one to it (rule E9); sessions recognise retries. Thread-safe.
 */
public final class RatisProposer implements EntryProposer {
    private static final long STEP_DOWN_MILLIS = 3_000;

    private final Supplier<RaftRun> current;
    private final Supplier<TidemarkException> notLeader;
    private final ClientId client = ClientId.randomId();
    private final AtomicLong calls = new AtomicLong();
    private final Queue<Long> answered = new ConcurrentLinkedQueue<>();

    /**
     * @param current the run to use, null while there is none
     * @param notLeader what to answer when this node does not lead
     */
    public RatisProposer(Supplier<RaftRun> current, Supplier<TidemarkException> notLeader) {
        this.current = current;
        this.notLeader = notLeader;
    }

    @Override
    public void propose(Proposal proposal) {
        submit(proposal, RaftClientRequest.writeRequestType()).whenComplete((reply, failure) -> {
            if (failure != null) {
                proposal.replies().completeExceptionally(translate(failure));
            } else {
                // applied, so the applying thread has answered; if not, the entry met this node as a follower
                proposal.replies()
                        .completeExceptionally(new TidemarkException(
                                ErrorKind.OUTCOME_UNKNOWN, "the entry was applied but its replies were not kept"));
            }
        });
    }

    /** Completes when this node has applied everything that was committed when it was called, anywhere. */
    public CompletableFuture<RaftClientReply> read() {
        return submit(Message.EMPTY, RaftClientRequest.readRequestType());
    }

    /**
     * Has this node give up leadership.
     *
     * @param to who shall lead; null = the others elect one of them
     */
    CompletableFuture<Void> transferLeadership(RaftRun run, RaftPeerId to) {
        TransferLeadershipRequest request = new TransferLeadershipRequest(
                client, run.self(), run.group(), calls.incrementAndGet(), to, STEP_DOWN_MILLIS);
        CompletableFuture<RaftClientReply> reply;
        try {
            reply = run.server().transferLeadershipAsync(request);
        } catch (IOException | RuntimeException e) {
            reply = CompletableFuture.failedFuture(e);
        }
        return reply.handle(this::success).thenAccept(answer -> {});
    }

    private CompletableFuture<RaftClientReply> submit(Message message, RaftClientRequest.Type type) {
        RaftRun run = current.get();
        if (run == null) {
            return CompletableFuture.failedFuture(
                    new TidemarkException(ErrorKind.UNAVAILABLE, "this node is catching up and serves nothing yet"));
        }
        long call = calls.incrementAndGet();
        RaftClientRequest request = RaftClientRequest.newBuilder()
                .setClientId(client)
                .setServerId(run.self())
                .setGroupId(run.group())
                .setCallId(call)
                .setRepliedCallIds(takeAnswered())
                .setMessage(message)
                .setType(type)
                .build();
        CompletableFuture<RaftClientReply> reply;
        try {
            reply = run.server().submitClientRequestAsync(request);
        } catch (IOException | RuntimeException e) {
            reply = CompletableFuture.failedFuture(e);
        }
        return reply.handle((answer, failure) -> {
            answered.add(call);
            return success(answer, failure);
        });
    }

    private RaftClientReply success(RaftClientReply answer, Throwable failure) {
        if (failure != null) {
            throw new CompletionException(translate(failure));
        } else if (!answer.isSuccess()) {
            throw new CompletionException(translate(answer.getException()));
        }
        return answer;
    }

    private List<Long> takeAnswered() {
        List<Long> taken = new ArrayList<>();
        for (Long call = answered.poll(); call != null; call = answered.poll()) {
            taken.add(call);
        }
        return taken;
    }

    private TidemarkException translate(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof StateMachineException && cause.getCause() instanceof TidemarkException refused) {
            return refused;
        } else if (cause instanceof TidemarkException known) {
            return known;
        } else if (cause instanceof org.apache.ratis.protocol.exceptions.NotLeaderException
                || cause instanceof LeaderNotReadyException
                || cause instanceof LeaderSteppingDownException) {
            return notLeader.get();
        } else if (cause instanceof TransferLeadershipException) {
            return new TidemarkException(
                    ErrorKind.RETRY, "the lead was not handed on in time; ask again: " + cause.getMessage(), cause);
        } else if (cause instanceof ResourceUnavailableException) {
            return new LimitException("Raft's queue is full: try again in a moment", true);
        }
        return new TidemarkException(ErrorKind.UNAVAILABLE, "Raft did not answer: " + cause, cause);
    }
}

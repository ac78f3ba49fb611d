package io.tidemark.shipper;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.log.Operation;
import io.tidemark.engine.log.Reply;
import io.tidemark.shipper.pace.Pace;
import java.util.concurrent.CompletableFuture;

/** One command on its way through the log, awaited for a time. Used by one thread. */
final class Announcement {
    private final HighWaterProposer proposer;
    private final Pace pace;
    private final long patienceMillis;
    private final Operation operation;
    private final String what;
    private final Runnable wake;
    private CompletableFuture<Reply> answer;
    private long answerByMillis;

    /**
     * @param what is announced, in words
     * @param wake told when there is an answer, on any thread
     */
    Announcement(
            HighWaterProposer proposer,
            Pace pace,
            long patienceMillis,
            Operation operation,
            String what,
            Runnable wake) {
        this.proposer = proposer;
        this.pace = pace;
        this.patienceMillis = patienceMillis;
        this.operation = operation;
        this.what = what;
        this.wake = wake;
    }

    /**
     * Proposes it, the first time; whether it was answered. What the answer is, the state tells.
     *
     * @throws TidemarkException {@code UNAVAILABLE} when it failed, or nobody answered in time: whether it comes, or came,
     *     into the log is unknown then
     */
    boolean isAnswered() {
        long now = pace.millis();
        if (answer == null) {
            answer = proposer.propose(operation);
            answer.whenComplete((reply, failure) -> wake.run());
            answerByMillis = now + patienceMillis;
        }
        if (answer.isCompletedExceptionally()) {
            Throwable failure = answer.handle((reply, thrown) -> thrown).join();
            throw new TidemarkException(ErrorKind.UNAVAILABLE, "the announcement of " + what + " failed: " + failure);
        }
        if (!answer.isDone() && now >= answerByMillis) {
            throw new TidemarkException(
                    ErrorKind.UNAVAILABLE,
                    "no answer to the announcement of " + what + " within " + patienceMillis
                            + " ms; is there a quorum?");
        }
        return answer.isDone();
    }
}

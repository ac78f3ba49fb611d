package io.tidemark.engine.standalone;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.log.Operation;
import io.tidemark.engine.log.Reply;

/** What the caller is told when the log says no. */
final class Replies {
    private Replies() {}

    /** Returns the reply when the command was done, or had nothing to do; throws what the caller has to know otherwise. */
    static Reply checked(Reply reply, long transaction, Operation operation) {
        String what = operation.getClass().getSimpleName();
        return switch (reply.status()) {
            case OK, NOT_FOUND -> reply;
            case CONFLICT -> throw held(what, reply.number());
            case CONDITION_FAILED ->
                throw new ConflictException(
                        what + ": the key has changed since transaction " + transaction + " read it", 0);
            case NO_TRANSACTION -> throw silentTooLong(transaction);
            case LIMIT ->
                throw new TidemarkException(
                        operation instanceof Operation.Begin ? ErrorKind.RETRY : ErrorKind.INVALID,
                        what + ": the limit of " + reply.number() + " is reached; see TransactionLimits");
            case REFUSED ->
                throw new TidemarkException(
                        ErrorKind.INVALID, what + ": transaction " + transaction + " has no such savepoint any more");
            case OUTCOME_UNKNOWN -> throw new IllegalStateException("a reply of a session: " + reply.status());
        };
    }

    static ConflictException held(String what, long holder) {
        return new ConflictException(what + ": transaction " + holder + " holds what it touches", holder);
    }

    static TidemarkException silentTooLong(long transaction) {
        return new TidemarkException(
                ErrorKind.RETRY,
                "transaction " + transaction
                        + " was taken back because its owner was silent for longer than its time-out; begin again");
    }
}

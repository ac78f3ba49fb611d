package io.tidemark.engine.log;

/**
 * One command of an entry.
 *
 * @param session null when the sender takes the risk that a retry applies twice
 * @param transaction the open transaction it is part of, {@link #NO_TRANSACTION} for none
 */
public record Command(SessionRef session, long transaction, Operation operation) {
    public static final long NO_TRANSACTION = 0;

    /** A command outside of any transaction. */
    public Command(SessionRef session, Operation operation) {
        this(session, NO_TRANSACTION, operation);
    }

    public static Command of(Operation operation) {
        return new Command(null, operation);
    }

    /** A command of an open transaction, outside of any session. */
    public static Command in(long transaction, Operation operation) {
        return new Command(null, transaction, operation);
    }
}

package io.tidemark.engine.log;

/**
 * One command of an entry.
 *
 * @param session null when the sender takes the risk that a retry applies twice
 */
public record Command(SessionRef session, Operation operation) {
    public static Command of(Operation operation) {
        return new Command(null, operation);
    }
}

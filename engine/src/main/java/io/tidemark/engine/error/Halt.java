package io.tidemark.engine.error;

/**
 * Ends the process when its state can no longer be explained: a failed sync, a broken invariant, an exception while
 * applying. Never returns. Comes in by constructor, so that a test sees an exception where production sees the end.
 */
@FunctionalInterface
public interface Halt {
    /** Exit code of a halted process, as a supervisor sees it. */
    int EXIT_CODE = 70;

    /** Throws in place of ending the process; for tests and embedded tools. */
    Halt THROW = (reason, cause) -> new TidemarkException(ErrorKind.FATAL, reason, cause);

    /**
     * Ends the process, or returns the exception to throw where ending it is not wanted.
     *
     * @param reason what was expected and what was found, with values
     * @param cause the failure behind it, or null
     */
    TidemarkException halt(String reason, Throwable cause);
}

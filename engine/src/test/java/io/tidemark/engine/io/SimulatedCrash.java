package io.tidemark.engine.io;

/** The power went off at this operation. An error, so that nothing that handles failures of a disk takes it for one. */
public final class SimulatedCrash extends Error {
    private static final long serialVersionUID = 1L;

    SimulatedCrash(String message) {
        super(message, null, false, false);
    }
}

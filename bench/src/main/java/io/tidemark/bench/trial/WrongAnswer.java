package io.tidemark.bench.trial;

/** An engine answered what it was never told: whatever its speed, it has no figure. */
final class WrongAnswer extends RuntimeException {
    private static final long serialVersionUID = 1;

    WrongAnswer(String what) {
        super(what);
    }
}

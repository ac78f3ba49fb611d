package io.tidemark.bench;

import java.io.IOException;
import java.io.UncheckedIOException;

/** How a child process waits: for its end by a signal or, should its parent be gone, by the end of its input. */
final class EndOfInput {
    private EndOfInput() {}

    static void await() {
        try {
            System.in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package io.tidemark.client.wire;

/** A message that is not of its format: says where, what was expected and what was found. */
public final class WireException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    WireException(String message) {
        super(message);
    }
}

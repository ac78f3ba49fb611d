package io.tidemark.engine.error;

/** The one exception of the engine: its {@link #kind()} says what to do, its message holds the values that explain it. */
public class TidemarkException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorKind kind;

    public TidemarkException(ErrorKind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public TidemarkException(ErrorKind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public ErrorKind kind() {
        return kind;
    }
}

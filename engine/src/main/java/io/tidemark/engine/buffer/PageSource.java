package io.tidemark.engine.buffer;

/** Where trees get their pages from. */
public interface PageSource {
    /**
     * The page in a frame that stays until {@link #unpin}; reads it from disk when it is not there.
     *
     * @throws io.tidemark.engine.error.TidemarkException {@code CORRUPT} when the stored page is damaged, {@code
     *     UNAVAILABLE} when every frame is pinned or dirty
     */
    Frame pin(long pageId, Use use);

    void unpin(Frame frame);

    int pageBytes();

    /** Whether it is known, without the leaf being read, that the key is not in it. */
    default boolean lacks(long leafId, byte[] key) {
        return false;
    }

    /** Says that a key was looked for in vain. */
    default void keyNotFound() {
        // A source that knows nothing of leaves without reading them.
    }

    /** Says that the page will be wanted soon. */
    default void willWant(long pageId) {
        // A source that reads nothing ahead.
    }
}

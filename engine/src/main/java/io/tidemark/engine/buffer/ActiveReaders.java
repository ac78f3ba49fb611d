package io.tidemark.engine.buffer;

/** Those who read at a published entry boundary without holding a snapshot: they come and go within one short read. */
public interface ActiveReaders {
    /** Nobody reads: for restart. */
    ActiveReaders NONE = new ActiveReaders() {
        @Override
        public long oldestLsn() {
            return Long.MAX_VALUE;
        }

        @Override
        public boolean shutOutIfNone() {
            return true;
        }

        @Override
        public void shutOut() {
            // Nobody to wait for.
        }
    };

    /** No reader reads below this LSN, now or later; {@link Long#MAX_VALUE} when none does and none may come in. */
    long oldestLsn();

    /** Keeps newcomers waiting until the entry in flight is published, if there is no reader now; else false. */
    boolean shutOutIfNone();

    /** Keeps newcomers waiting until the entry in flight is published, and waits for those inside to leave. */
    void shutOut();
}

package io.tidemark.client;

/**
 * What a key held.
 *
 * @param value the bytes, null when the key does not exist
 * @param version when it was last set, {@link Version#NONE} when it does not exist
 * @param lsn LSN of the state that was read
 */
public record GetResult(byte[] value, Version version, long lsn) {
    public boolean found() {
        return value != null;
    }
}

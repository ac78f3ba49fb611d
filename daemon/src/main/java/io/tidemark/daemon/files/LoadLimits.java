package io.tidemark.daemon.files;

import java.util.Optional;

/**
 * What a record may be.
 *
 * @param keyBytesMax longest key
 * @param valueBytesMax longest value
 */
public record LoadLimits(int keyBytesMax, long valueBytesMax) {

    /** Empty when the record can be stored. */
    Optional<String> whyNot(byte[] key, long valueBytes) {
        if (key.length == 0) {
            return Optional.of("the key is empty");
        }
        if (key.length > keyBytesMax) {
            return Optional.of("a key of " + key.length + " bytes is longer than " + keyBytesMax);
        }
        if (valueBytes > valueBytesMax) {
            return Optional.of("a value of " + valueBytes + " bytes is larger than " + (valueBytesMax >> 20) + " MiB");
        }
        return Optional.empty();
    }
}

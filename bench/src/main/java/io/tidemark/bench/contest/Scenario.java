package io.tidemark.bench.contest;

import io.tidemark.bench.peer.Memory;
import java.util.Locale;

/**
 * How much data of which values beside how much memory.
 *
 * @param size name of the relation between data and memory
 * @param dataBytes keys and values that a fill puts
 * @param valueBytes length of a value
 */
public record Scenario(String size, Memory memory, long dataBytes, int valueBytes) {
    private static final int KEY_BYTES = 16;

    public int records() {
        return (int) (dataBytes / (KEY_BYTES + valueBytes));
    }

    public String label() {
        return String.format(
                Locale.ROOT,
                "%s: values of %s, %,d records (%d MiB) and %d MiB of memory",
                size,
                valueLabel(),
                records(),
                dataBytes >> 20,
                memory.bytes() >> 20);
    }

    /** Without the numbers behind it. */
    public String shortLabel() {
        return size + ", " + valueLabel();
    }

    private String valueLabel() {
        return valueBytes % 1024 == 0 ? valueBytes / 1024 + " KiB" : valueBytes + " B";
    }
}

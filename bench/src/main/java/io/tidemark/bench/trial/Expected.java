package io.tidemark.bench.trial;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** What must be in the store: the generation of every record's value, one byte each. Different records may be set by different threads. */
public final class Expected {
    public static final int ABSENT = 0;

    private static final int GENERATIONS = 255;

    private final byte[] generations;

    /** @param records indexes lie below; all are absent at first */
    public Expected(int records) {
        this(new byte[records]);
    }

    private Expected(byte[] generations) {
        this.generations = generations;
    }

    public static Expected load(Path file) {
        try {
            return new Expected(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void save(Path file) {
        try {
            Files.write(file, generations);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int records() {
        return generations.length;
    }

    /** {@link #ABSENT} or 1 to 255. */
    public int generation(int index) {
        return generations[index] & 0xff;
    }

    /** Generation of the value that is written next. */
    public int next(int index) {
        int next = generation(index) % GENERATIONS + 1;
        generations[index] = (byte) next;
        return next;
    }

    public void remove(int index) {
        generations[index] = ABSENT;
    }

    public int present() {
        int present = 0;
        for (byte generation : generations) {
            present += generation == ABSENT ? 0 : 1;
        }
        return present;
    }

    /** The first index from {@code index} on, in steps of {@code step}, that is present; -1 when there is none. */
    public int presentFrom(int index, int step) {
        for (int i = index; i >= 0 && i < generations.length; i += step) {
            if (generations[i] != ABSENT) {
                return i;
            }
        }
        return -1;
    }

    /** The same with {@code more} absent records at the end. */
    public Expected extended(int more) {
        return new Expected(Arrays.copyOf(generations, generations.length + more));
    }
}

package io.tidemark.daemon.files;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Lines as bytes, at most {@code limit} each, counted from 1. A longer line is passed over and said to be too long. */
final class NdjsonLines {
    private final InputStream in;
    private final int limit;
    private final byte[] buffer = new byte[1 << 16];
    private byte[] line = new byte[1 << 12];
    private int position;
    private int end;
    private long number;
    private boolean tooLong;

    NdjsonLines(InputStream in, int limit) {
        this.in = in;
        this.limit = limit;
    }

    /** The next line without its end, null after the last; empty and {@link #tooLong} for one past the limit. */
    byte[] next() throws IOException {
        int length = 0;
        boolean any = false;
        tooLong = false;
        while (true) {
            if (position == end && !fill()) {
                return any ? finished(length) : null;
            }
            any = true;
            int newline = position;
            while (newline < end && buffer[newline] != '\n') {
                newline++;
            }
            length = append(length, newline - position);
            boolean complete = newline < end;
            position = complete ? newline + 1 : end;
            if (complete) {
                return finished(length);
            }
        }
    }

    long number() {
        return number;
    }

    boolean tooLong() {
        return tooLong;
    }

    private boolean fill() throws IOException {
        position = 0;
        end = Math.max(0, in.read(buffer));
        return end > 0;
    }

    private int append(int length, int count) {
        if (tooLong || length + count > limit) {
            tooLong = true;
            return 0;
        }
        if (length + count > line.length) {
            line = Arrays.copyOf(line, Math.max(length + count, 2 * line.length));
        }
        System.arraycopy(buffer, position, line, length, count);
        return length + count;
    }

    private byte[] finished(int length) {
        number++;
        int trimmed = length > 0 && line[length - 1] == '\r' ? length - 1 : length;
        return Arrays.copyOf(line, trimmed);
    }
}

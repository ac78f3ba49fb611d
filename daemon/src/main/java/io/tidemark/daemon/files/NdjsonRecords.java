package io.tidemark.daemon.files;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** The records of a stream of lines; empty lines mean nothing. A line that is no record is told with its number. */
final class NdjsonRecords {
    /** A line holds a value of at most 16 MiB, perhaps in base64 or with escapes. */
    static final int LINE_BYTES_MAX = 48 << 20;

    private final NdjsonLines lines;
    private final LoadLimits limits;

    NdjsonRecords(InputStream in, LoadLimits limits) {
        this.lines = new NdjsonLines(in, LINE_BYTES_MAX);
        this.limits = limits;
    }

    interface Good {
        void record(long number, NdjsonRecord record);
    }

    interface Bad {
        void line(long number, String why);
    }

    void forEach(Good good, Bad bad) throws IOException {
        for (byte[] line = lines.next(); line != null; line = lines.next()) {
            if (line.length == 0 && !lines.tooLong()) {
                continue;
            }
            NdjsonRecord record;
            try {
                record = parse(line);
            } catch (TidemarkException e) {
                bad.line(lines.number(), e.getMessage());
                continue;
            }
            good.record(lines.number(), record);
        }
    }

    private NdjsonRecord parse(byte[] line) {
        if (lines.tooLong()) {
            throw new TidemarkException(ErrorKind.INVALID, "it is longer than " + LINE_BYTES_MAX + " bytes");
        }
        NdjsonRecord record = NdjsonRecord.parse(line);
        Optional<String> whyNot = limits.whyNot(record.key(), record.value().length);
        if (whyNot.isPresent()) {
            throw new TidemarkException(ErrorKind.INVALID, whyNot.get());
        }
        return record;
    }
}

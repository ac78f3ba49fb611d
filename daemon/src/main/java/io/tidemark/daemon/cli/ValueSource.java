package io.tidemark.daemon.cli;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Where the value of a put comes from; never more than a value may have is read. */
final class ValueSource {
    private ValueSource() {}

    static byte[] of(String argument) {
        return checked("VALUE", argument.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] of(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return read(file.toString(), in);
        } catch (NoSuchFileException e) {
            throw new TidemarkException(ErrorKind.NOT_FOUND, file + " does not exist", e);
        } catch (IOException e) {
            throw new TidemarkException(ErrorKind.INVALID, "cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    static byte[] of(InputStream standardInput) {
        try {
            return read("standard input", standardInput);
        } catch (IOException e) {
            throw new TidemarkException(ErrorKind.INVALID, "cannot read standard input: " + e.getMessage(), e);
        }
    }

    private static byte[] read(String name, InputStream in) throws IOException {
        return checked(name, in.readNBytes(Limits.VALUE_BYTES_MAX + 1));
    }

    private static byte[] checked(String name, byte[] value) {
        if (value.length > Limits.VALUE_BYTES_MAX) {
            throw new TidemarkException(
                    ErrorKind.INVALID,
                    name + " is larger than the " + (Limits.VALUE_BYTES_MAX >> 20) + " MiB of a value; nothing was"
                            + " stored");
        }
        return value;
    }
}

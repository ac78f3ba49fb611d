package io.tidemark.daemon.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.io.RealDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** A small JSON file that is either whole or not there. */
final class JsonFile {
    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES);

    private JsonFile() {}

    /** {@code NOT_FOUND} when there is no such file, {@code CORRUPT} when it is not what it should be. */
    static <T> T read(Path file, Class<T> type) {
        try {
            T content = JSON.readValue(Files.readAllBytes(file), type);
            if (content == null) {
                throw damaged(file, "it says null", null);
            }
            return content;
        } catch (NoSuchFileException e) {
            throw new TidemarkException(ErrorKind.NOT_FOUND, file + " does not exist", e);
        } catch (ValueInstantiationException e) {
            String why =
                    e.getCause() == null ? e.getOriginalMessage() : e.getCause().getMessage();
            throw damaged(file, why, e);
        } catch (JsonProcessingException e) {
            String where =
                    e.getLocation() == null ? "" : " at line " + e.getLocation().getLineNr();
            throw damaged(file, e.getOriginalMessage() + where, e);
        } catch (IOException e) {
            throw new TidemarkException(ErrorKind.UNAVAILABLE, "cannot read " + file + ": " + e, e);
        }
    }

    /** Replaces the file, making its directory when there is none; on return both are durable. */
    static void write(Path file, Object content) {
        Path beside = file.resolveSibling(file.getFileName() + ".new");
        try {
            byte[] bytes = (JSON.writeValueAsString(content) + "\n").getBytes(StandardCharsets.UTF_8);
            new RealDisk().createDirectories(file.getParent());
            try (FileChannel channel = FileChannel.open(
                    beside,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.TRUNCATE_EXISTING)) {
                ByteBuffer buffer = ByteBuffer.wrap(bytes);
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
                channel.force(true);
            }
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            try (FileChannel directory = FileChannel.open(file.getParent(), StandardOpenOption.READ)) {
                directory.force(true);
            }
        } catch (IOException e) {
            throw new TidemarkException(ErrorKind.UNAVAILABLE, "cannot write " + file + ": " + e, e);
        }
    }

    private static TidemarkException damaged(Path file, String why, Exception cause) {
        return new TidemarkException(
                ErrorKind.CORRUPT,
                file + " cannot be read: " + why + ". Nothing was changed; put the right file in its place.",
                cause);
    }
}

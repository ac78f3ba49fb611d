package io.tidemark.daemon.node;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.shipper.cipher.CipherKeys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where the keys of client-side encryption come from: a file, or what a command prints. They are never logged. */
public final class EncryptionKeys {
    private static final Logger LOG = LoggerFactory.getLogger(EncryptionKeys.class);
    private static final int BYTES_MAX = 64 << 10;
    private static final long COMMAND_SECONDS = 30;

    private EncryptionKeys() {}

    /** Empty when neither is set. */
    static Optional<CipherKeys> given(Settings settings) {
        String file = settings.textOrNull(Setting.S3_ENCRYPTION_KEY_FILE);
        String command = settings.textOrNull(Setting.S3_ENCRYPTION_KEY_COMMAND);
        if (file != null && command != null) {
            throw invalid("give " + Setting.S3_ENCRYPTION_KEY_FILE.key() + " or "
                    + Setting.S3_ENCRYPTION_KEY_COMMAND.key() + ", not both");
        }
        if (file == null && command == null) {
            return Optional.empty();
        }
        String source = file != null ? "key file " + file : "the output of the key command";
        CipherKeys keys = CipherKeys.parse(source, file != null ? ofFile(Path.of(file)) : ofCommand(command));
        LOG.info("objects are encrypted with key {}; keys known: {}", keys.current(), keys.ids());
        return Optional.of(keys);
    }

    /** Those of a file; {@code INVALID} when there are none in it. */
    public static CipherKeys read(Path file) {
        return CipherKeys.parse("key file " + file, ofFile(file));
    }

    private static String ofFile(Path file) {
        try {
            if (Files.size(file) > BYTES_MAX) {
                throw invalid("key file " + file + " has more than " + BYTES_MAX + " bytes: it is another file");
            }
            if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
                if (permissions.contains(PosixFilePermission.OTHERS_READ)) {
                    LOG.warn("key file {} can be read by everybody on this machine; chmod 600 it", file);
                }
            }
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new TidemarkException(ErrorKind.INVALID, "key file " + file + " cannot be read: " + e, e);
        }
    }

    private static String ofCommand(String command) {
        try {
            Process process = new ProcessBuilder("/bin/sh", "-c", command)
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            byte[] output;
            try {
                CompletableFuture<byte[]> printed = new CompletableFuture<>();
                Thread reader = new Thread(() -> read(process, printed), "key-command");
                reader.setDaemon(true);
                reader.start();
                output = printed.get(COMMAND_SECONDS, TimeUnit.SECONDS);
                if (!process.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS)) {
                    throw invalid("the key command does not end: " + command);
                }
            } catch (TimeoutException e) {
                throw new TidemarkException(
                        ErrorKind.INVALID, "the key command ran for " + COMMAND_SECONDS + " s: " + command, e);
            } catch (ExecutionException e) {
                throw new TidemarkException(
                        ErrorKind.INVALID, "the key command's output cannot be read: " + e.getCause(), e);
            } finally {
                process.destroyForcibly();
            }
            if (process.exitValue() != 0) {
                throw invalid("the key command ended with exit code " + process.exitValue() + ": " + command);
            }
            return new String(output, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new TidemarkException(ErrorKind.INVALID, "the key command cannot be run: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TidemarkException(ErrorKind.UNAVAILABLE, "interrupted while the key command ran", e);
        }
    }

    private static void read(Process process, CompletableFuture<byte[]> printed) {
        try {
            printed.complete(process.getInputStream().readNBytes(BYTES_MAX));
        } catch (IOException e) {
            printed.completeExceptionally(e);
        }
    }

    private static TidemarkException invalid(String message) {
        return new TidemarkException(ErrorKind.INVALID, message);
    }
}

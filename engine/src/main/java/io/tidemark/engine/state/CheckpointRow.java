package io.tidemark.engine.state;

import io.tidemark.engine.StorageEngine.Checkpoint;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * A checkpoint of pages as rows hold it.
 *
 * <pre>
 *   lsn 8 | base 8 | term 8 | redo chain 8 | bytes 8 | SHA-256 32 | key of the root, UTF-8
 * </pre>
 */
final class CheckpointRow {
    private static final int SHA256_BYTES = 32;

    private CheckpointRow() {}

    static byte[] encode(Checkpoint checkpoint) {
        byte[] key = checkpoint.directory().getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(5 * 8 + SHA256_BYTES + key.length)
                .putLong(checkpoint.lsn())
                .putLong(checkpoint.base())
                .putLong(checkpoint.term())
                .putLong(checkpoint.redoChain())
                .putLong(checkpoint.bytes())
                .put(HexFormat.of().parseHex(checkpoint.sha256()))
                .put(key)
                .array();
    }

    /** From the buffer's position to its end. */
    static Checkpoint decode(ByteBuffer row) {
        long lsn = row.getLong();
        long base = row.getLong();
        long term = row.getLong();
        long redoChain = row.getLong();
        long bytes = row.getLong();
        byte[] sha256 = new byte[SHA256_BYTES];
        row.get(sha256);
        String directory = StandardCharsets.UTF_8.decode(row).toString();
        return new Checkpoint(
                lsn, base, term, redoChain, directory, bytes, HexFormat.of().formatHex(sha256));
    }
}

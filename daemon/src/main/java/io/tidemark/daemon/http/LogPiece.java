package io.tidemark.daemon.http;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.log.EntryKind;
import io.tidemark.engine.log.LogEntry;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Entries of the log in one message, daemon to whoever follows it: {@code GET /v1/log?from=LSN}. Big-endian.
 *
 * <pre>
 *   0        4    5        8       12                               -4
 *   +--------+----+--------+-------+---------------------------------+--------+
 *   | "TmLg" | 01 | 0      | count | count x entry                   | crc    |    crc: CRC32C of all before it
 *   +--------+----+--------+-------+---------------------------------+--------+
 *
 *   0          8          16     17       21
 *   +----------+----------+------+--------+---------+
 *   | LSN      | term     | kind | length | payload |
 *   +----------+----------+------+--------+---------+
 * </pre>
 */
public final class LogPiece {
    static final String MEDIA_TYPE = "application/x-tidemark-log";

    private static final int MAGIC = 0x546d4c67;
    private static final int VERSION = 1;
    private static final int HEADER_BYTES = 12;
    private static final int ENTRY_BYTES = 21;
    private static final int CRC_BYTES = 4;

    private LogPiece() {}

    static byte[] encode(List<LogEntry> entries) {
        int bytes = HEADER_BYTES + CRC_BYTES;
        for (LogEntry entry : entries) {
            bytes += ENTRY_BYTES + entry.payload().length;
        }
        ByteBuffer out = ByteBuffer.allocate(bytes);
        out.putInt(MAGIC).put((byte) VERSION).put(new byte[3]).putInt(entries.size());
        for (LogEntry entry : entries) {
            out.putLong(entry.lsn()).putLong(entry.term()).put((byte)
                    entry.kind().code());
            out.putInt(entry.payload().length).put(entry.payload());
        }
        out.putInt(crc(out.array(), out.position()));
        return out.array();
    }

    /** The entries; {@code UNAVAILABLE} when that is no such message, whole. */
    public static List<LogEntry> decode(byte[] message) {
        ByteBuffer in = ByteBuffer.wrap(message);
        try {
            int end = message.length - CRC_BYTES;
            boolean whole = end >= HEADER_BYTES && in.getInt(end) == crc(message, end);
            if (!whole || in.getInt() != MAGIC || in.get() != VERSION) {
                throw broken(message);
            }
            in.position(8);
            List<LogEntry> entries = new ArrayList<>();
            for (int left = in.getInt(); left > 0; left--) {
                long lsn = in.getLong();
                long term = in.getLong();
                EntryKind kind = EntryKind.of(in.get());
                byte[] payload = new byte[in.getInt()];
                in.get(payload);
                entries.add(new LogEntry(lsn, term, kind, payload));
            }
            if (in.position() != end) {
                throw broken(message);
            }
            return entries;
        } catch (BufferUnderflowException | IllegalArgumentException | NegativeArraySizeException e) {
            throw broken(message);
        }
    }

    private static TidemarkException broken(byte[] message) {
        return new TidemarkException(
                ErrorKind.UNAVAILABLE,
                message.length + " bytes that are no piece of a log, or a damaged one; ask again, or another node");
    }

    private static int crc(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }
}

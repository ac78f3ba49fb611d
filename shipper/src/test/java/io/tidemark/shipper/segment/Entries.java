package io.tidemark.shipper.segment;

import io.tidemark.engine.StorageEngine.TermStart;
import io.tidemark.engine.log.Command;
import io.tidemark.engine.log.Entry;
import io.tidemark.engine.log.EntryCodec;
import io.tidemark.engine.log.EntryKind;
import io.tidemark.engine.log.LogEntry;
import io.tidemark.engine.log.Operation;
import io.tidemark.engine.log.Precondition;
import io.tidemark.shipper.segment.SegmentFooter.Position;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Entries and positions as tests like them. */
public final class Entries {
    private Entries() {}

    public static LogEntry put(long lsn, long term, String key, byte[] value) {
        return commands(
                lsn, term, new Operation.Put("files", key.getBytes(StandardCharsets.UTF_8), value, Precondition.NONE));
    }

    public static LogEntry put(long lsn, long term, int valueBytes) {
        byte[] value = new byte[valueBytes];
        Arrays.fill(value, (byte) lsn);
        return put(lsn, term, "key-" + lsn, value);
    }

    public static LogEntry commands(long lsn, long term, Operation operation) {
        byte[] payload = EntryCodec.encode(new Entry(1_000 + lsn, List.of(Command.of(operation))));
        return new LogEntry(lsn, term, EntryKind.COMMANDS, payload);
    }

    public static LogEntry configuration(long lsn, long term, String peers) {
        return new LogEntry(lsn, term, EntryKind.CONFIGURATION, peers.getBytes(StandardCharsets.UTF_8));
    }

    public static LogEntry metadata(long lsn, long term) {
        return new LogEntry(lsn, term, EntryKind.METADATA, new byte[] {1});
    }

    public static Position position(long chain) {
        return new Position(
                chain,
                List.of(new TermStart(1, 0), new TermStart(3, 41)),
                40,
                "n1,n2,n3".getBytes(StandardCharsets.UTF_8));
    }

    public static SealedSegment segment(String history, long chain, LogEntry... entries) {
        SegmentWriter writer = new SegmentWriter(history, entries[0].lsn());
        for (LogEntry entry : entries) {
            writer.add(entry);
        }
        return writer.finish(position(chain));
    }
}

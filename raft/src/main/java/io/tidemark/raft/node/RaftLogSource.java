package io.tidemark.raft.node;

import io.tidemark.engine.StorageEngine;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.log.Command;
import io.tidemark.engine.log.EntryCodec;
import io.tidemark.engine.log.EntryKind;
import io.tidemark.engine.log.LogEntry;
import io.tidemark.raft.machine.LogEntries;
import io.tidemark.raft.run.RaftRun;
import io.tidemark.shipper.LogSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.server.raftlog.RaftLogIOException;

/**
 * The Raft log as the shipper and watchers read it: what is applied here, and only that, since only that is agreed for sure.
 */
final class RaftLogSource implements LogSource {
    private final StorageEngine engine;
    private final Supplier<RaftRun> current;
    private final AtomicLong wanted = new AtomicLong(-1);

    RaftLogSource(StorageEngine engine, Supplier<RaftRun> current) {
        this.engine = engine;
        this.current = current;
    }

    /** Somebody waits for S3 to have this entry; one that is not applied here does not count. */
    void want(long lsn) {
        if (lsn <= lastShippable()) {
            wanted.accumulateAndGet(lsn, Math::max);
        }
    }

    @Override
    public long wantedInS3() {
        return wanted.get();
    }

    @Override
    public long lastShippable() {
        return engine.state().applied();
    }

    @Override
    public Optional<LogEntry> entry(long lsn) {
        return lsn > lastShippable() ? Optional.empty() : read(lsn);
    }

    /** See {@link io.tidemark.raft.RaftNode#entries}. */
    List<LogEntry> entries(long from, long bytesMax) {
        RaftRun run = current.get();
        if (run == null) {
            throw new TidemarkException(ErrorKind.UNAVAILABLE, "this node is catching up and has no log yet");
        }
        List<LogEntry> entries = new ArrayList<>();
        long bytes = 0;
        for (Optional<LogEntry> next = entry(from); next.isPresent(); next = entry(from + entries.size())) {
            entries.add(next.get());
            bytes += next.get().payload().length;
            if (bytes >= bytesMax) {
                break;
            }
        }
        long first = run.log().getStartIndex();
        if (entries.isEmpty() && from <= lastShippable() || from < first) {
            throw new TidemarkException(
                    ErrorKind.NOT_FOUND, "this node's log begins at " + first + ", S3 has what is before; not " + from);
        }
        return entries;
    }

    /** Commands of an entry that may not be agreed on yet; empty when it has none, or is not in the log any more. */
    List<Command> coming(long lsn) {
        try {
            return read(lsn)
                    .filter(entry -> entry.kind() == EntryKind.COMMANDS)
                    .map(entry -> EntryCodec.decode(entry.payload()).commands())
                    .orElse(List.of());
        } catch (IllegalStateException e) {
            return List.of(); // Ratis has closed it while we looked
        }
    }

    private Optional<LogEntry> read(long lsn) {
        RaftRun run = current.get();
        if (run == null) {
            return Optional.empty();
        }
        try {
            LogEntryProto proto = run.log().get(lsn);
            return Optional.ofNullable(proto).map(LogEntries::of);
        } catch (RaftLogIOException e) {
            throw new TidemarkException(ErrorKind.CORRUPT, "entry " + lsn + " of the Raft log cannot be read", e);
        }
    }

    @Override
    public OptionalLong chainAt(long lsn) {
        return engine.chainAt(lsn);
    }
}

package io.tidemark.raft.guard;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.io.RealDisk;
import io.tidemark.engine.log.LogEntry;
import io.tidemark.raft.config.RaftSettings;
import io.tidemark.raft.machine.LogEntries;
import io.tidemark.recovery.SurvivingLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The Raft log in the directory of a node that does not run, read and never changed. */
public final class NodeLog implements SurvivingLog {
    private static final Logger LOG = LoggerFactory.getLogger(NodeLog.class);

    private final Path nodeDirectory;
    private final String history;
    private final RaftFiles files;

    public NodeLog(Path nodeDirectory, String history, UUID group) {
        this.nodeDirectory = nodeDirectory;
        this.history = history;
        this.files = new RaftFiles(nodeDirectory.resolve("raft"), group);
    }

    @Override
    public String history() {
        return history;
    }

    @Override
    public void forEachAfter(long lsn, long term, Consumer<LogEntry> visitor) {
        long first = files.firstIndex().orElse(Long.MAX_VALUE);
        if (first > lsn + 1) {
            throw new TidemarkException(
                    ErrorKind.CORRUPT,
                    "S3 has entries up to " + lsn + " and the log in " + nodeDirectory
                            + (first == Long.MAX_VALUE ? " has none" : " begins at " + first)
                            + ": what lies between is in neither; restore without it gives what S3 has");
        }
        long last = first - 1;
        for (Path path : files.inOrder()) {
            if (RaftFiles.firstIndexOf(path) != last + 1) {
                break;
            }
            long end = read(path, lsn, term, visitor);
            boolean whole = RaftFiles.lastIndexOf(path).orElse(end) == end;
            last = Math.max(last, end);
            if (!whole) {
                break;
            }
        }
        warnIfShort(last);
    }

    /** Index of the last entry that can be read; one below the first when there is none, or when they are of no use. */
    private long read(Path path, long lsn, long term, Consumer<LogEntry> visitor) {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            LogRecords records = new LogRecords(channel, RaftSettings.APPENDER_BYTES);
            long last = RaftFiles.firstIndexOf(path) - 1;
            LogRecords.Found found = records.next();
            while (records.headerIsSound() && found.what() == LogRecords.What.ENTRY && found.index() == last + 1) {
                if (found.index() == lsn && found.term() != term) {
                    LOG.warn(
                            "the log in {} has an entry {} of term {}, and S3 has one of term {}: nothing is taken from"
                                    + " this log",
                            nodeDirectory,
                            lsn,
                            found.term(),
                            term);
                    return RaftFiles.firstIndexOf(path) - 1;
                }
                last = found.index();
                if (last > lsn) {
                    visitor.accept(LogEntries.of(records.entry(found)));
                }
                found = records.next();
            }
            return last;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + path, e);
        }
    }

    private void warnIfShort(long last) {
        new DurableTail(new RealDisk(), nodeDirectory)
                .read()
                .filter(mark -> mark.index() > last)
                .ifPresent(mark -> LOG.warn(
                        "the log in {} can be read up to {}, and this node has acknowledged entries up to {}",
                        nodeDirectory,
                        last,
                        mark.index()));
    }
}

package io.tidemark.raft.guard;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the whole Raft log before Ratis does. First it completes what a crash left half done: a log being put away, a
 * purge that has unlinked some of its files (hazard R13), a cut of entries that were never agreed, a torn end. Then it
 * says whether the log holds what this node has acknowledged (rule L5): every closed file has the entries that its name
 * says, the files follow one another, and the log does not end below what {@link DurableTail} recorded, nor below the
 * engine's last entry. Each file is read once; Ratis then reads it from memory.
 *
 * <p>Past the record nothing is proved: a cut of what was synced in the 100 ms before a crash, above the engine's last
 * entry, is not noticed.
 */
public final class LogCheck {
    private static final Logger LOG = LoggerFactory.getLogger(LogCheck.class);

    private final RaftFiles files;
    private final DurableTail tail;
    private final Path aside;
    private final int entryBytesMax;

    /**
     * @param aside where that is kept which goes
     * @param entryBytesMax greatest entry that Ratis writes
     */
    public LogCheck(RaftFiles files, DurableTail tail, Path aside, int entryBytesMax) {
        this.files = files;
        this.tail = tail;
        this.aside = aside;
        this.entryBytesMax = entryBytesMax;
    }

    /**
     * @param term of the last entry
     * @param index of the last entry
     * @param recorded term of the entry at the recorded index, -1 when the log does not have it
     */
    private record End(long term, long index, long recorded) {}

    /**
     * Completes, checks, and makes durable what is there. The log must not be in use.
     *
     * @param applied LSN of the engine's last entry
     * @param letGo S3 and the engine have everything up to here: files below may be gone
     * @return term of the last entry, -1 when the log has none
     * @throws UnfitException when the log lacks something
     */
    public long check(long applied, long letGo) {
        Optional<DurableTail.Mark> recorded = tail.read();
        DurableTail.Mark mark = recorded.orElse(DurableTail.Mark.NONE);
        if (mark.puttingAway()) {
            files.moveLogAside(aside);
            recordPutAway();
        }
        completePurge(letGo);
        long engine = recorded.isPresent() && mark.engineAhead() ? -1 : applied;
        List<Path> all = files.inOrder();
        if (!all.isEmpty() && RaftFiles.lastIndexOf(all.get(all.size() - 1)).isEmpty()) {
            new LogTail(all.get(all.size() - 1), aside, entryBytesMax)
                    .repair(Math.max(engine, mark.index()), recorded.isPresent());
        }
        End end = readAll(mark);
        verify(end, mark, applied, engine);
        files.sync();
        return end.term;
    }

    private void recordPutAway() {
        try {
            tail.putAway();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + tail.path(), e);
        }
    }

    /** A gap is what a power cut within a purge may leave, names being kept in any order, as far as all may be gone. */
    private void completePurge(long letGo) {
        List<Path> before = new ArrayList<>();
        List<Path> remains = List.of();
        long next = -1;
        for (Path path : files.inOrder()) {
            long first = RaftFiles.firstIndexOf(path);
            if (next >= 0 && first > next && first - 1 <= letGo) {
                remains = List.copyOf(before);
            }
            before.add(path);
            next = RaftFiles.lastIndexOf(path).orElse(first - 1) + 1;
        }
        if (!remains.isEmpty()) {
            LOG.info("completing a purge of the Raft log: {} go", remains);
            files.moveAside(remains, aside);
        }
    }

    private End readAll(DurableTail.Mark mark) {
        End end = new End(-1, -1, -1);
        List<Path> paths = files.inOrder();
        for (int i = 0; i < paths.size(); i++) {
            Path path = paths.get(i);
            long first = RaftFiles.firstIndexOf(path);
            if (end.index >= 0 && first != end.index + 1) {
                String gap = "the Raft log has no entries between " + end.index + " and " + first + ", where " + path
                        + " begins";
                completeCut(gap, paths.subList(i, paths.size()), mark);
                return end;
            }
            Content file = read(path, mark.index());
            end = new End(Math.max(end.term, file.term), file.last, Math.max(end.recorded, file.recorded));
            long named = RaftFiles.lastIndexOf(path).orElse(file.last);
            if (file.last < named) {
                completeCut(file.problem(named), paths.subList(i + 1, paths.size()), mark);
                close(file);
                return end;
            }
            if (file.more || i < paths.size() - 1 && RaftFiles.lastIndexOf(path).isEmpty()) {
                close(file); // not all that a cut, or a roll, did to names and ends was kept
            }
        }
        return end;
    }

    /** What lies past the end goes, if a cut was under way; else something is missing. */
    private void completeCut(String missing, List<Path> past, DurableTail.Mark mark) {
        if (!mark.cutting()) {
            throw new UnfitException(missing);
        }
        LOG.info("completing a cut: {}; {} go", missing, past);
        files.moveAside(past, aside);
    }

    /** Takes off what follows the file's last entry, and names it by that. */
    private void close(Content file) {
        try (FileChannel channel = FileChannel.open(file.path, StandardOpenOption.WRITE)) {
            channel.truncate(file.end);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot cut " + file.path, e);
        }
        if (file.last < RaftFiles.firstIndexOf(file.path)) {
            files.moveAside(List.of(file.path), aside);
        } else if (file.last != RaftFiles.lastIndexOf(file.path).orElse(-1)) {
            files.renameToEndAt(file.path, file.last);
        }
    }

    /**
     * @param term of the last entry, -1 when there is none
     * @param last index of the last entry, of those that the file's name says
     * @param recorded term of the entry at the recorded index, -1 when it is not here
     * @param end offset behind the last entry
     * @param more whether something follows
     */
    private record Content(Path path, long term, long last, long recorded, long end, boolean more) {
        String problem(long named) {
            return "the Raft log " + path + (more ? " is damaged at" : " ends at") + " offset " + end + ", after entry "
                    + last + (last < named ? ", and not after " + named + ", as its name says" : "");
        }
    }

    private Content read(Path path, long recordedIndex) {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            LogRecords records = new LogRecords(channel, entryBytesMax);
            if (!records.headerIsSound()) {
                return new Content(path, -1, RaftFiles.firstIndexOf(path) - 1, -1, 0, true);
            }
            long named = RaftFiles.lastIndexOf(path).orElse(Long.MAX_VALUE);
            long last = RaftFiles.firstIndexOf(path) - 1;
            long term = -1;
            long recorded = -1;
            LogRecords.Found found = records.next();
            while (found.what() == LogRecords.What.ENTRY && found.index() == last + 1 && last < named) {
                term = found.term();
                last = found.index();
                recorded = last == recordedIndex ? found.term() : recorded;
                found = records.next();
            }
            boolean more = found.what() != LogRecords.What.END || records.lastNonZero(found.at()) >= found.at();
            return new Content(path, term, last, recorded, found.at(), more);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + path, e);
        }
    }

    private void verify(End end, DurableTail.Mark mark, long applied, long engine) {
        long first = files.firstIndex().orElse(-1);
        if (first < 0) {
            if (applied < mark.index()) {
                throw new UnfitException("the Raft log in " + files.root() + " is empty and the engine is at " + applied
                        + ", but the log was synced up to entry " + mark.index() + ", as " + tail.path() + " says");
            }
        } else if (end.index < mark.index()) {
            throw new UnfitException("the Raft log in " + files.root() + " ends after entry " + end.index
                    + ", but it was synced up to " + mark.index() + ", as " + tail.path() + " says");
        } else if (mark.index() >= first && end.recorded != mark.term()) {
            throw new UnfitException("the Raft log in " + files.root() + " has an entry " + mark.index() + " of term "
                    + end.recorded + ", and " + tail.path() + " says that it was of term " + mark.term());
        } else if (end.index < engine) {
            throw new UnfitException("the Raft log in " + files.root() + " ends after entry " + end.index
                    + ", but this node has applied entries up to " + engine);
        }
    }
}

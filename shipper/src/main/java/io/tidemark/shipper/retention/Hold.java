package io.tidemark.shipper.retention;

import io.tidemark.engine.StorageEngine.Checkpoint;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.shipper.catalog.HistoryReader;
import io.tidemark.shipper.manifest.HistoryRecord;
import io.tidemark.shipper.manifest.Manifest;
import io.tidemark.shipper.pack.DirectoryRoot.Base;
import io.tidemark.shipper.pack.PageDirectory;
import io.tidemark.shipper.segment.SegmentName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What another history needs of this one's objects, since it forked from it: all of {@code (from, through]}, and single
 * objects that the directories at its own floor lead to.
 *
 * @param by id of the other history
 */
record Hold(String by, long from, long through, DirectoryReferences references) {

    /** Holds of all other histories in the store on this one. */
    static List<Hold> on(HistoryReader reader, String history) {
        List<Hold> holds = new ArrayList<>();
        for (String other : reader.histories()) {
            if (!other.equals(history)) {
                fork(reader.lineage(other), history).ifPresent(fork -> holds.add(of(reader, other, history, fork)));
            }
        }
        return holds;
    }

    /** The last LSN of the history that one with this line of ancestors sees; empty when it is none of them. */
    private static Optional<Long> fork(List<HistoryRecord> line, String history) {
        for (int i = 0; i < line.size(); i++) {
            if (line.get(i).history().equals(history)) {
                return Optional.of(HistoryReader.seenThrough(line, i));
            }
        }
        return Optional.empty();
    }

    private static Hold of(HistoryReader reader, String other, String history, long fork) {
        DirectoryReferences references = new DirectoryReferences(history);
        Optional<Manifest> newest = reader.newestManifest(other);
        long floor = newest.map(Manifest::floor).orElse(Manifest.NO_FLOOR);
        Checkpoint checkpoint = newest.map(Manifest::checkpoint).orElse(Checkpoint.NONE);
        if (floor < 0 || checkpoint.lsn() < floor) {
            // it promises all of its past, or its own record alone is there yet
            return new Hold(other, -1, fork, references);
        }
        Base next = new Base(checkpoint.lsn(), checkpoint.directory(), checkpoint.bytes(), checkpoint.sha256());
        PageDirectory directory = PageDirectory.open(reader.store(), next.root(), next.sha256());
        while (directory.root().lsn() > floor) {
            next = directory.root().base();
            if (next.lsn() < 0) {
                throw new TidemarkException(
                        ErrorKind.CORRUPT, "history " + other + " has no checkpoint at its floor " + floor);
            }
            directory = PageDirectory.open(reader.store(), next.root(), next.sha256());
        }
        references.add(directory);
        before(reader, directory).ifPresent(references::add);
        return new Hold(other, floor, fork, references);
    }

    /** The checkpoint that this one goes on from, where that was not removed by its own history long ago. */
    private static Optional<PageDirectory> before(HistoryReader reader, PageDirectory directory) {
        Base base = directory.root().base();
        return base.lsn() < 0 || reader.store().head(base.root()).isEmpty()
                ? Optional.empty()
                : Optional.of(PageDirectory.open(reader.store(), base.root(), base.sha256()));
    }

    boolean needs(SegmentName segment) {
        return segment.first() <= through && segment.last() > from;
    }

    /** An object of a checkpoint at this LSN. */
    boolean needs(String key, long lsn) {
        return lsn > from && lsn <= through || references.has(key);
    }
}

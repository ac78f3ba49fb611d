package io.tidemark.engine;

import io.tidemark.engine.StorageEngine.ContentsDigest;
import io.tidemark.engine.StorageEngine.Row;
import io.tidemark.engine.StorageEngine.Scan;
import io.tidemark.engine.btree.Catalog;
import io.tidemark.engine.buffer.BufferPool;
import io.tidemark.engine.buffer.SnapshotHold;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** A snapshot of an engine; see {@link Snapshot}. */
final class OpenSnapshot implements Snapshot {
    private final ReaderSlots readers;
    private final BufferPool pool;
    private final Published boundary;
    private final SnapshotHold hold;
    private final HeldStates held;

    private OpenSnapshot(ReaderSlots readers, BufferPool pool, Published boundary, SnapshotHold hold, HeldStates held) {
        this.held = held;
        this.readers = readers;
        this.pool = pool;
        this.boundary = boundary;
        this.hold = hold;
    }

    /** Opens one at the newest boundary. */
    static OpenSnapshot open(ReaderSlots readers, BufferPool pool, HeldStates held) {
        // As a reader, so that nothing of this boundary goes before the pool knows of the snapshot.
        ReadPlace place = readers.enter();
        try {
            OpenSnapshot opened = new OpenSnapshot(
                    readers, pool, place.boundary(), pool.snapshots().open(place.lsn()), held);
            held.add(opened);
            return opened;
        } finally {
            readers.exit(place);
        }
    }

    /** Reads something short; pages are pinned within it only. */
    <T> T read(Function<ReadPlace, T> reading) {
        hold.requireOpen();
        ReadPlace place = readers.enter(boundary, hold);
        try {
            return reading.apply(place);
        } finally {
            readers.exit(place);
        }
    }

    Published boundary() {
        return boundary;
    }

    @Override
    public long lsn() {
        return boundary.lsn();
    }

    @Override
    public Optional<Row> get(String keyspace, byte[] key) {
        return read(
                place -> Catalog.isSystem(keyspace) ? Optional.empty() : Optional.ofNullable(place.get(keyspace, key)));
    }

    @Override
    public Scan scan(String keyspace, byte[] from, byte[] to, int limitRows, long limitBytes) {
        return read(place -> Catalog.isSystem(keyspace)
                ? new Scan(List.of(), null, lsn())
                : ScanPiece.read(place, keyspace, from, to, limitRows, limitBytes));
    }

    @Override
    public Cursor open(String keyspace, byte[] from, byte[] to, Direction direction) {
        hold.requireOpen();
        // No tree has this name, and so the cursor finds nothing.
        String tree = Catalog.isSystem(keyspace) ? "" : keyspace;
        return new SnapshotCursor(this, readers.copies(), tree, from, to, direction);
    }

    @Override
    public List<String> keyspaces() {
        return read(place -> place.boundary().catalog().keyspaces());
    }

    @Override
    public ContentsDigest contents() {
        return Contents.digest(this);
    }

    @Override
    public void close() {
        held.remove(this);
        pool.snapshots().close(hold);
    }
}

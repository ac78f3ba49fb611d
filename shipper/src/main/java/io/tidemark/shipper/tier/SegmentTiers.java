package io.tidemark.shipper.tier;

import com.codahale.metrics.Counter;
import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.io.Disk;
import io.tidemark.shipper.catalog.HistoryReader;
import io.tidemark.shipper.catalog.SegmentRow;
import io.tidemark.shipper.catalog.Tier;
import io.tidemark.shipper.catalog.TierCatalog;
import io.tidemark.shipper.pace.Pace;
import io.tidemark.shipper.segment.SegmentName;
import io.tidemark.shipper.segment.SegmentReader;
import io.tidemark.shipper.store.Hashes;
import io.tidemark.shipper.store.ObjectStore;
import io.tidemark.shipper.store.ObjectStore.ObjectInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tiers of one node's log segments: which of them have a copy on its disk, and why. Every segment is in S3; a copy
 * saves asking for it, and losing one loses nothing.
 *
 * <p>A row says whether there is a copy. A copy is written before its row is committed, and removed after; at open, files
 * of which a row says that they are not there are removed, rows without their file become COLD, and files that no row
 * speaks of are taken in if they are whole. No copy is believed whose SHA-256 is not that of its row.
 *
 * <p>Has no thread: {@link #tick} does what is due, {@link TierWork} calls it. Thread-safe; readers wait for changes no
 * longer than those take on the disk, and never for S3.
 */
public final class SegmentTiers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SegmentTiers.class);

    static final String NOT_IN_S3 = "S3 does not show the object as it was put; run verify";

    private static final int ROWS_PER_COMMIT = 1_000;

    /** How a request by hand ended. */
    public enum Outcome {
        /** It is as was wished now. */
        DONE,
        /** It was already. */
        ALREADY,
        /** There is no room for a copy beside those that are kept by hand. */
        NO_ROOM
    }

    private final String history;
    private final SegmentFiles files;
    private final TierLedger ledger;
    private final ObjectStore s3;
    private final HistoryReader reader;
    private final TierOptions options;
    private final TierPolicy policy;
    private final Pace pace;
    private final TierReview review;
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();

    /** Their copies were damaged, and nobody has fetched them since. */
    private final Set<SegmentName> toReplace = ConcurrentHashMap.newKeySet();

    /** All segments up to this mark were known when they were last listed. */
    private volatile long refreshedTo = -1;

    private final Counter localReads;
    private final Counter coldReads;
    private final Counter damaged;
    private final Counter archived;
    private final Counter restored;

    /**
     * Opens the tiers, making the disk and the catalog agree. Asks S3 nothing.
     *
     * @param directory of the copies
     * @param catalog closed with this
     * @param s3 past all tiers; stays open
     * @param history whose segments these are
     */
    public SegmentTiers(
            Disk disk,
            Path directory,
            TierCatalog catalog,
            ObjectStore s3,
            String history,
            TierOptions options,
            Pace pace,
            MetricRegistry metrics) {
        this.history = history;
        this.files = new SegmentFiles(disk, directory);
        this.ledger = new TierLedger(catalog);
        this.s3 = s3;
        this.reader = new HistoryReader(s3);
        this.options = options;
        this.policy = new TierPolicy(options);
        this.pace = pace;
        this.review = new TierReview(this, ledger, policy, s3, history, pace);
        this.localReads = metrics.counter("tier.local-reads");
        this.coldReads = metrics.counter("tier.cold-reads");
        this.damaged = metrics.counter("tier.damaged-copies");
        this.archived = metrics.counter("tier.archived");
        this.restored = metrics.counter("tier.restored");
        for (Tier tier : Tier.values()) {
            metrics.<Gauge<Long>>gauge("tier.segments." + tier.word(), () -> () -> stats().segments(tier));
            metrics.<Gauge<Long>>gauge("tier.bytes." + tier.word(), () -> () -> stats().bytes(tier));
        }
        metrics.<Gauge<Long>>gauge("tier.local-bytes", () -> ledger::localBytes);
        try {
            new TierReconciliation(files, ledger, policy, pace.wallMillis()).run();
        } catch (IOException e) {
            throw new TidemarkException(
                    ErrorKind.UNAVAILABLE, "segments in " + directory + " cannot be listed: " + e.getMessage(), e);
        }
    }

    /** The history whose segments these are. */
    public String history() {
        return history;
    }

    public TierOptions options() {
        return options;
    }

    /**
     * The segment's bytes from its copy; empty when there is none that is right. Counts as a read either way. A damaged copy
     * goes at once; who fetches the segment because of that hands it to {@link #fetched}.
     */
    public Optional<byte[]> read(SegmentName name) {
        SegmentRow row = null;
        byte[] bytes = null;
        boolean full = false;
        lock.readLock().lock();
        try {
            row = ledger.row(name).orElse(null);
            if (row != null) {
                full = ledger.read(name, pace.wallMillis());
                bytes = row.local() ? bytes(name) : null;
            }
        } finally {
            lock.readLock().unlock();
        }
        if (full) {
            review.flush();
        }
        if (row == null || !row.local()) {
            coldReads.inc();
            return Optional.empty();
        }
        if (bytes != null && Hashes.sha256Hex(bytes).equals(row.sha256())) {
            localReads.inc();
            return Optional.of(bytes);
        }
        damaged(row);
        return Optional.empty();
    }

    /** Null when it cannot be read. */
    private byte[] bytes(SegmentName name) {
        try {
            return files.read(name).orElse(null);
        } catch (IOException e) {
            LOG.warn("the copy of segment {} cannot be read: {}", name, e.getMessage());
            return null;
        }
    }

    private void damaged(SegmentRow row) {
        change(row.name(), now -> {
            if (now.local() && now.sha256().equals(row.sha256())) {
                damaged.inc();
                LOG.error("the copy of segment {} is damaged and not used; S3 has the segment", row.name());
                drop(now.lost());
                toReplace.add(row.name());
            }
        });
    }

    /** A segment came from S3; its copy is made again if it was damaged. */
    public void fetched(SegmentName name, byte[] bytes) {
        if (toReplace.remove(name)) {
            keep(name, bytes);
        }
    }

    /** Keeps a copy of an object that has just been put or fetched, if there is room; knows of it either way. */
    public boolean keep(SegmentName name, byte[] bytes) {
        return keep(name, bytes, 0);
    }

    private boolean keep(SegmentName name, byte[] bytes, long untilMillis) {
        boolean room = review.makeRoom(bytes.length);
        lock.writeLock().lock();
        try {
            long now = pace.wallMillis();
            SegmentRow row = ledger.row(name).orElse(SegmentRow.inS3(name, bytes.length, now));
            if (row.local()) {
                return true;
            }
            room &= ledger.localBytes() + SegmentFiles.bytesOnDisk(bytes.length) <= options.cacheBytes();
            if (room && write(name, bytes)) {
                row = row.kept(bytes.length, Hashes.sha256Hex(bytes), now).keptUntil(untilMillis);
            }
            commitCopy(row);
            return row.local();
        } finally {
            lock.writeLock().unlock();
        }
    }

    private boolean write(SegmentName name, byte[] bytes) {
        try {
            files.write(name, bytes);
            return true;
        } catch (IOException e) {
            LOG.warn("no copy of segment {} can be kept: {}", name, e.getMessage());
            return false;
        }
    }

    private void commitCopy(SegmentRow row) {
        try {
            ledger.commit(row);
        } catch (TidemarkException e) {
            if (row.local()) {
                remove(row.name());
            }
            throw e;
        }
    }

    /** The segment was removed from S3: it is no more. */
    public void forget(SegmentName name) {
        lock.writeLock().lock();
        try {
            if (ledger.row(name).isPresent()) {
                ledger.commit(List.of(), List.of(name), state -> state);
            }
            remove(name);
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** What is known of a segment; empty when this node has not heard of it. */
    public Optional<SegmentRow> row(SegmentName name) {
        return ledger.row(name);
    }

    /** The same, S3 being asked for one that this node has not heard of; {@code NOT_FOUND} when that has none. */
    public SegmentRow known(SegmentName name) {
        Optional<SegmentRow> row = ledger.row(name);
        if (row.isPresent()) {
            return row.get();
        }
        ObjectInfo there = s3.head(name.key())
                .orElseThrow(() -> new TidemarkException(ErrorKind.NOT_FOUND, "there is no segment " + name));
        lock.writeLock().lock();
        try {
            if (ledger.row(name).isEmpty()) {
                ledger.commit(SegmentRow.inS3(name, there.bytes(), pace.wallMillis()));
            }
            return ledger.row(name).orElseThrow();
        } finally {
            lock.writeLock().unlock();
        }
    }

    /**
     * Makes a segment COLD: its copy goes, once S3 has shown that it has the object.
     *
     * @throws TidemarkException {@code NOT_FOUND}; {@code UNAVAILABLE} when S3 does not show it, and the copy stays
     */
    public Outcome archive(SegmentName name) {
        SegmentRow row = known(name);
        if (!row.local()) {
            return Outcome.ALREADY;
        }
        return switch (release(name, now -> true)) {
            case GONE -> {
                archived.inc();
                yield Outcome.DONE;
            }
            case STAYS -> Outcome.ALREADY;
            case NOT_IN_S3 ->
                throw new TidemarkException(
                        ErrorKind.UNAVAILABLE, "segment " + name + " stays on this node: " + NOT_IN_S3);
        };
    }

    /**
     * Makes a segment HOT, and keeps its copy for so long, whatever the policy says meanwhile.
     *
     * @throws TidemarkException {@code NOT_FOUND}; {@code UNAVAILABLE} when S3 is away; {@code CORRUPT}
     */
    public Outcome restore(SegmentName name, long millis) {
        SegmentRow row = known(name);
        long until = millis > Long.MAX_VALUE - pace.wallMillis() ? Long.MAX_VALUE : pace.wallMillis() + millis;
        if (row.local() && read(name).isPresent()) {
            change(name, now -> ledger.commit(now.keptUntil(until).moved(now.local() ? Tier.HOT : Tier.COLD)));
            return Outcome.ALREADY;
        }
        if (!keep(name, fetch(name), until)) {
            return Outcome.NO_ROOM;
        }
        restored.inc();
        return Outcome.DONE;
    }

    /** From S3, every checksum checked. */
    private byte[] fetch(SegmentName name) {
        byte[] bytes = s3.get(name.key())
                .orElseThrow(() -> new TidemarkException(ErrorKind.NOT_FOUND, "there is no segment " + name));
        SegmentReader.open(name, bytes).verify();
        return bytes;
    }

    /** Fetches a segment that is to have a copy; false when there is no room. */
    boolean promote(SegmentName name) {
        long bytes = ledger.row(name).map(SegmentRow::bytes).orElse(0L);
        return review.makeRoom(Math.max(0, bytes)) && keep(name, fetch(name));
    }

    /** How letting a copy go ended. */
    enum Release {
        GONE,
        /** There was none, or it is to stay after all. */
        STAYS,
        /** S3 does not show the object as it was put: the copy may be the only one. */
        NOT_IN_S3
    }

    /**
     * Lets a copy go if S3 shows that it has the object, or that nobody needs it, and if it is still to go then. Without an
     * object the segment is no more.
     *
     * @throws TidemarkException {@code UNAVAILABLE} when S3 is away
     */
    Release release(SegmentName name, Predicate<SegmentRow> wanted) {
        Optional<ObjectInfo> there = s3.head(name.key());
        boolean isCollected = there.isEmpty() && reader.isAbandoned(name);
        Release[] end = {Release.STAYS};
        change(name, now -> {
            if (now.local() && wanted.test(now)) {
                boolean safe = isCollected || there.isPresent() && isSame(now, there.get());
                end[0] = safe ? Release.GONE : Release.NOT_IN_S3;
                if (isCollected) {
                    forget(name);
                } else if (safe) {
                    drop(now.dropped());
                }
            }
        });
        return end[0];
    }

    private static boolean isSame(SegmentRow row, ObjectInfo there) {
        return (there.bytes() < 0 || there.bytes() == row.bytes())
                && (there.sha256() == null || there.sha256().equals(row.sha256()));
    }

    /** Under the lock. */
    private void drop(SegmentRow without) {
        ledger.commit(without);
        remove(without.name());
    }

    private void remove(SegmentName name) {
        try {
            files.delete(name);
        } catch (IOException e) {
            LOG.warn("the file of segment {} stays until the next start: {}", name, e.getMessage());
        }
    }

    /** Commits those of these rows that have none yet; how many. */
    long addUnknown(List<SegmentRow> rows) {
        lock.writeLock().lock();
        try {
            List<SegmentRow> unknown = rows.stream()
                    .filter(row -> ledger.row(row.name()).isEmpty())
                    .toList();
            if (!unknown.isEmpty()) {
                ledger.commit(unknown, List.of(), state -> state);
            }
            return unknown.size();
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** Hands the row, if there is one, to a change that nobody else makes meanwhile. */
    private void change(SegmentName name, Consumer<SegmentRow> change) {
        lock.writeLock().lock();
        try {
            ledger.row(name).ifPresent(change);
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** Commits what the rows of these segments become, many at a time; copies stay where they are. */
    void changeAll(List<SegmentName> names, UnaryOperator<SegmentRow> change) {
        for (int from = 0; from < names.size(); from += ROWS_PER_COMMIT) {
            List<SegmentName> some = names.subList(from, Math.min(names.size(), from + ROWS_PER_COMMIT));
            lock.writeLock().lock();
            try {
                List<SegmentRow> rows = some.stream()
                        .flatMap(name -> ledger.row(name).stream())
                        .map(change)
                        .toList();
                ledger.commit(rows, List.of(), state -> state);
            } finally {
                lock.writeLock().unlock();
            }
        }
    }

    /** Bytes by which the disk is short of what is to stay free. */
    long shortOfBytes() {
        try {
            return options.keepFreeBytes() - files.usableBytes();
        } catch (IOException e) {
            LOG.warn("it is not known how much of the disk is free: {}", e.getMessage());
            return 0;
        }
    }

    /** What is due: learns of new segments, moves what belongs elsewhere, lets go what there is no room for. */
    public TierReport tick() {
        return review.run();
    }

    /** Writes down the reads that were noted since. */
    public void flush() {
        review.flush();
    }

    /** Learns of segments that S3 has and this node has not heard of, if it may not know all up to this mark of S3's. */
    public void refreshTo(long mark) {
        if (mark > refreshedTo) {
            review.refresh();
            refreshedTo = mark;
        }
    }

    /** All rows in order of their keys. */
    public void forEach(Consumer<SegmentRow> visitor) {
        ledger.forEach(visitor);
    }

    public TierStats stats() {
        return ledger.stats();
    }

    /** Reads of entries that a copy here served, since this process began. */
    public long localReads() {
        return localReads.getCount();
    }

    /** Reads of entries that S3 served, likewise. */
    public long coldReads() {
        return coldReads.getCount();
    }

    /** Average since the reads of this segment are counted. */
    public double readsPerHour(SegmentRow row) {
        return policy.readsPerHour(row, pace.wallMillis());
    }

    @Override
    public void close() {
        review.flush();
        ledger.close();
    }
}

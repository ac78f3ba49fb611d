package io.tidemark.shipper.checkpoint;

import com.codahale.metrics.Counter;
import com.codahale.metrics.MetricRegistry;
import io.tidemark.engine.StorageEngine.Checkpoint;
import io.tidemark.engine.StorageEngine.State;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.shipper.catalog.HistoryReader;
import io.tidemark.shipper.catalog.HistoryReader.Piece;
import io.tidemark.shipper.pace.Backoff;
import io.tidemark.shipper.store.ObjectStore;
import io.tidemark.shipper.store.ObjectStore.ObjectInfo;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongPredicate;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The checkpoints of one leader during one term of its leadership, as a state machine without a thread: {@link #step} does
 * the next thing and says how long to rest. Whatever goes wrong, the checkpoint is tried again or cut anew; the log is
 * shipped beside it.
 */
public final class CheckpointTerm {
    private static final Logger LOG = LoggerFactory.getLogger(CheckpointTerm.class);

    /** Where a term stands. */
    public enum Phase {
        /** Asks S3 how much log lies above the newest checkpoint. */
        LOOKING,
        /** Waits until that is enough for another. */
        WAITING,
        /** The changed pages go to the scratch directory. */
        CUTTING,
        /** The directory is made beside them. */
        BUILDING,
        /** The objects go to S3, the root last. */
        UPLOADING,
        /** S3 has all of it; most members must have the same redo chain (rule C1). */
        CONFIRMING,
        /** It can be named. */
        READY
    }

    /**
     * What a term works with.
     *
     * @param scratch of this node's checkpoints alone
     * @param agreed asks the members whether most have this node's redo chain after an LSN (rule C1)
     */
    public record Parts(
            CheckpointOptions options,
            String history,
            ObjectStore store,
            CutSource cuts,
            CheckpointScratch scratch,
            Supplier<State> state,
            LongPredicate agreed,
            RandomGenerator random,
            MetricRegistry metrics) {}

    private final Parts parts;
    private final Supplier<List<String>> sparse;
    private final HistoryReader reader;
    private final Backoff backoff;
    private final Counter shipped;
    private final Counter abandoned;
    private final Counter bytes;
    private final TreeMap<Long, Long> segments = new TreeMap<>();
    private volatile Phase phase = Phase.LOOKING;
    private volatile String error;
    private volatile Checkpoint prepared;
    private volatile boolean dismissed;
    private CheckpointWork work;
    private int uploaded;

    /** @param sparse packs of which little is in use: their pages are carried over, so that they die */
    public CheckpointTerm(Parts parts, Backoff backoff, Supplier<List<String>> sparse) {
        this.parts = parts;
        this.sparse = sparse;
        this.reader = new HistoryReader(parts.store());
        this.backoff = backoff;
        this.shipped = parts.metrics().counter("shipper.checkpoints");
        this.abandoned = parts.metrics().counter("shipper.checkpoints.abandoned");
        this.bytes = parts.metrics().counter("shipper.checkpoint-bytes");
    }

    /** Any thread. */
    public Phase phase() {
        return phase;
    }

    /** Why nothing moves, in words; null while all is well. Any thread. */
    public String error() {
        return error;
    }

    /** A checkpoint that is in S3 whole and waits to be named. Any thread. */
    public Optional<Checkpoint> ready() {
        return Optional.ofNullable(phase == Phase.READY ? prepared : null);
    }

    /** A checkpoint that is in S3 whole, though it may not be named yet. Any thread. */
    public Optional<Checkpoint> uploaded() {
        Phase now = phase;
        return Optional.ofNullable(now == Phase.CONFIRMING || now == Phase.READY ? prepared : null);
    }

    /** A segment was announced. Any thread. */
    public void announced(long last, long segmentBytes) {
        synchronized (segments) {
            segments.put(last, segmentBytes);
        }
    }

    /** Removes the scratch files; the last call, on the thread that steps. */
    public void close() {
        tidy();
    }

    /** The term is over: what is being done ends soon. Any thread. */
    public void dismiss() {
        dismissed = true;
    }

    /**
     * Does the next thing; cutting and uploading block as long as they take.
     *
     * @return milliseconds to rest before the next step; 0 for none
     */
    public long step() {
        try {
            long rest = isOutdated() ? moveOn() : next();
            backoff.reset();
            error = null;
            return rest;
        } catch (TidemarkException e) {
            if (e.kind() == ErrorKind.FATAL) {
                throw e;
            }
            return failed(e);
        }
    }

    private long next() {
        return switch (phase) {
            case LOOKING -> look();
            case WAITING -> await();
            case CUTTING -> cut();
            case BUILDING -> build();
            case UPLOADING -> upload();
            case CONFIRMING -> confirm();
            case READY -> parts.options().pollMillis();
        };
    }

    private long failed(TidemarkException e) {
        if (error == null) {
            LOG.warn("checkpoint of history {} waits ({}): {}", parts.history(), phase, e.getMessage());
        }
        error = e.getMessage();
        if (phase == Phase.CUTTING) {
            abandon();
        }
        return backoff.nextMillis();
    }

    /** The log has another newest checkpoint than the one that is gone on from: this one, or another leader's. */
    private boolean isOutdated() {
        return work != null
                && parts.state().get().checkpoint().lsn() != work.base().lsn();
    }

    private long moveOn() {
        Checkpoint newest = parts.state().get().checkpoint();
        if (newest.equals(prepared)) {
            shipped.inc();
            LOG.info("checkpoint of history {} at LSN {} is shipped", parts.history(), newest.lsn());
            end();
        } else {
            abandon();
        }
        return 0;
    }

    private void abandon() {
        abandoned.inc();
        end();
    }

    private void end() {
        phase = Phase.WAITING;
        prepared = null;
        work = null;
        tidy();
    }

    private void tidy() {
        try {
            parts.scratch().clear();
        } catch (TidemarkException e) {
            LOG.warn("{}; the next checkpoint tries it again", e.getMessage());
        }
    }

    private long look() {
        State now = parts.state().get();
        if (!parts.history().equals(now.history())) {
            return parts.options().pollMillis();
        }
        parts.scratch().clear();
        if (now.shipped() > now.checkpoint().lsn()) {
            for (Piece piece : reader.covering(parts.history(), now.checkpoint().lsn(), now.shipped())) {
                announced(piece.segment().last(), bytesOf(piece));
            }
        }
        phase = Phase.WAITING;
        return 0;
    }

    /** A listing does not tell the size of every object. */
    private long bytesOf(Piece piece) {
        return piece.bytes() >= 0
                ? piece.bytes()
                : Math.max(
                        0,
                        parts.store()
                                .head(piece.segment().key())
                                .map(ObjectInfo::bytes)
                                .orElse(0L));
    }

    private long await() {
        Checkpoint newest = parts.state().get().checkpoint();
        if (logBytesAbove(newest.lsn()) < parts.options().logBytes()) {
            return parts.options().pollMillis();
        }
        RandomGenerator random = parts.random();
        work = new CheckpointWork(
                parts.history(),
                newest,
                parts.scratch(),
                parts.options().packBytes(),
                () -> random.nextLong() & Long.MAX_VALUE,
                () -> dismissed);
        phase = Phase.CUTTING;
        return 0;
    }

    /** What S3 has above the checkpoint, in bytes as stored (rule CT3). */
    private long logBytesAbove(long lsn) {
        synchronized (segments) {
            segments.headMap(lsn, true).clear();
            return segments.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    private long cut() {
        work.cut(parts.cuts());
        phase = Phase.BUILDING;
        return 0;
    }

    private long build() {
        prepared = work.build(parts.store(), sparse.get());
        uploaded = 0;
        phase = Phase.UPLOADING;
        return 0;
    }

    /** The chain covers all before it, and nodes remember it at the shipped mark: so that is where they are asked. */
    private long confirm() {
        long mark = parts.state().get().shipped();
        if (mark < work.lsn()) {
            return parts.options().pollMillis();
        }
        if (!parts.agreed().test(mark)) {
            throw new TidemarkException(
                    ErrorKind.UNAVAILABLE,
                    "the checkpoint of LSN " + work.lsn() + " waits until most members say that they have this node's"
                            + " redo chain after LSN " + mark);
        }
        phase = Phase.READY;
        return 0;
    }

    /** One object; the root comes last, since it was made last. */
    private long upload() {
        if (uploaded == parts.scratch().objects()) {
            parts.scratch().clear();
            phase = Phase.CONFIRMING;
            LOG.info("checkpoint of history {} at LSN {} is in S3", parts.history(), work.lsn());
            return 0;
        }
        String key = parts.scratch().key(uploaded);
        byte[] object = parts.scratch().read(uploaded);
        switch (parts.store().putIfAbsent(key, object)) {
            case CREATED, ALREADY_OURS -> {
                uploaded++;
                bytes.inc(object.length);
            }
            case UNKNOWN ->
                throw new TidemarkException(
                        ErrorKind.UNAVAILABLE, "S3 gave no clear answer to the put of " + key + "; it is tried again");
            case FENCED -> {
                LOG.error("object {} is there already with other bytes: the checkpoint is cut anew", key);
                abandon();
            }
        }
        return 0;
    }
}

package io.tidemark.shipper;

import io.tidemark.engine.Retention;
import io.tidemark.engine.StorageEngine.Checkpoint;
import io.tidemark.engine.StorageEngine.State;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.Halt;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.log.Operation;
import io.tidemark.engine.log.Operation.AdvanceHighWater;
import io.tidemark.engine.log.Operation.FloorNamed;
import io.tidemark.engine.log.Operation.RaiseFloor;
import io.tidemark.shipper.SegmentsAhead.Shipped;
import io.tidemark.shipper.catalog.HistoryReader;
import io.tidemark.shipper.checkpoint.CheckpointTerm;
import io.tidemark.shipper.manifest.HistoryRecord;
import io.tidemark.shipper.manifest.Manifest;
import io.tidemark.shipper.pace.Backoff;
import io.tidemark.shipper.pace.Pace;
import io.tidemark.shipper.segment.SegmentFooter.Position;
import io.tidemark.shipper.store.ObjectStore;
import java.util.ArrayDeque;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one leader does for S3 during one term of its leadership, as a state machine without a thread: {@link #step} does
 * the next thing and says how long to rest. Only {@link #phase} and {@link #error} may be asked from other threads.
 */
public final class ShippingTerm {
    private static final Logger LOG = LoggerFactory.getLogger(ShippingTerm.class);

    private static final long WARN_AGAIN_MILLIS = 60_000;

    /** Where a term stands. */
    public enum Phase {
        /** Reads the newest manifest, to take over what an earlier leader left half done (rule X1). */
        LOOKING,
        /** Gathers entries until they make a segment. */
        GATHERING,
        /** Sealed segments are on their way to S3, the next one to be named among them. */
        PUTTING_SEGMENT,
        /** The next segment is in S3; the manifest that names it is on its way. */
        PUTTING_MANIFEST,
        /** S3 has both; the log is asked to say so. */
        PROPOSING,
        /** A manifest names a checkpoint of pages, or a floor; the log is told. */
        TELLING
    }

    private final ShipperOptions options;
    private final String history;
    private final LogSource log;
    private final HighWaterProposer proposer;
    private final Supplier<State> state;
    private final Pace pace;
    private final ShipperMetrics metrics;
    private final HistoryReader reader;
    private final ShippedObjects objects;
    private final Backoff backoff;
    private final CheckpointNaming checkpoints;
    private final SegmentsAhead ahead;
    private final Runnable wake;

    private volatile Phase phase = Phase.LOOKING;
    private volatile String error;
    private boolean historyKnown;
    private long warnedMillis;
    private long shipped;
    private Position before;
    private boolean isAhead;
    private Shipped named;
    private AdvanceHighWater advance;
    private Announcement announcement;

    /** The segment that moved the mark last. */
    private Manifest.Segment newest;

    /** What the newest manifest says that the log does not know yet. */
    private final ArrayDeque<Operation> facts = new ArrayDeque<>();

    /** The floor that the newest manifest says. */
    private long namedFloor = Manifest.NO_FLOOR;

    /**
     * @param workers put segments
     * @param wake told on other threads that a step would find more to do
     */
    ShippingTerm(
            ShipperOptions options,
            String history,
            ObjectStore store,
            LogSource log,
            HighWaterProposer proposer,
            Supplier<State> state,
            Pace pace,
            RandomGenerator random,
            ShipperMetrics metrics,
            Halt halt,
            Optional<CheckpointTerm> checkpoints,
            Executor workers,
            Runnable wake) {
        this.options = options;
        this.history = history;
        this.log = log;
        this.proposer = proposer;
        this.state = state;
        this.pace = pace;
        this.metrics = metrics;
        this.reader = new HistoryReader(store);
        this.objects = new ShippedObjects(store, pace, metrics, halt);
        this.checkpoints = new CheckpointNaming(history, objects, checkpoints);
        this.ahead = new SegmentsAhead(options, history, log, state, objects, workers, wake, metrics.underWay);
        this.wake = wake;
        this.backoff = new Backoff(options.backoffFirstMillis(), options.backoffMaxMillis(), random);
    }

    /** The term is over: what is under way is left to itself. The last call, on the thread that steps. */
    void close() {
        ahead.leave();
    }

    public Phase phase() {
        return phase;
    }

    /** Why nothing moves, in words; null while all is well. */
    public String error() {
        return error;
    }

    /**
     * Does the next thing; blocks as long as one call to the store.
     *
     * @return milliseconds to rest before the next step; 0 for none
     */
    public long step() {
        try {
            long rest = switch (phase) {
                case LOOKING -> look();
                case GATHERING -> gather();
                case PUTTING_SEGMENT -> putSegments();
                case PUTTING_MANIFEST -> putManifest();
                case PROPOSING -> propose();
                case TELLING -> tell();
            };
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

    private long failed(TidemarkException e) {
        long rest = backoff.nextMillis();
        metrics.failures.inc();
        long now = pace.millis();
        if (error == null || now - warnedMillis >= WARN_AGAIN_MILLIS) {
            warnedMillis = now;
            LOG.warn("shipping of history {} waits ({}): {}", history, phase, e.getMessage());
        }
        error = e.getMessage();
        return rest;
    }

    /** Nothing is wrong, but the log must move on first. */
    private long await(String what) {
        LOG.debug("shipping of history {} waits: {}", history, what);
        return options.pollMillis();
    }

    private long look() {
        State now = state.get();
        if (!history.equals(now.history())) {
            return await("the log has not begun this history yet (rule H2)");
        }
        if (!historyKnown) {
            objects.putHistory(new HistoryRecord(history, now.parentHistory(), now.fork(), history, pace.wallMillis()));
            historyKnown = true;
        }
        Optional<Manifest> found = reader.newestManifestFrom(history, now.shipped());
        if (found.isPresent() && found.get().mark() > now.shipped()) {
            return takeOver(now, found.get());
        }
        if (found.isEmpty() && now.shipped() > now.fork()) {
            throw new TidemarkException(
                    ErrorKind.UNAVAILABLE,
                    "S3 has no manifest of the shipped mark " + now.shipped() + " of history " + history
                            + ": this is another bucket or prefix, or objects were removed; nothing is shipped until"
                            + " it is back");
        }
        shipped = now.shipped();
        before = found.map(Manifest::position).orElse(new Position(0, List.of(), -1, new byte[0]));
        newest = found.map(Manifest::segment).orElse(null);
        isAhead = false;
        namedFloor = found.map(Manifest::floor).orElse(Manifest.NO_FLOOR);
        facts.clear();
        found.ifPresent(manifest -> inherit(now, manifest));
        phase = facts.isEmpty() ? Phase.GATHERING : Phase.TELLING;
        return 0;
    }

    /**
     * An earlier leader named a checkpoint and could not announce it, or this history goes on from another's, of which its
     * own log does not know the last checkpoint, or the floor.
     */
    private void inherit(State now, Manifest manifest) {
        Checkpoint named = manifest.checkpoint();
        boolean goesOn = named.base() == now.checkpoint().lsn() && named.lsn() > named.base();
        if (goesOn && named.lsn() <= now.shipped()) {
            facts.add(CheckpointNaming.announcement(named));
        }
        Retention kept = now.retention();
        if (manifest.floor() > kept.floor()) {
            boolean isAtNamed = goesOn && named.lsn() <= manifest.floor();
            facts.add(new RaiseFloor(isAtNamed ? named.lsn() : kept.reachable(manifest.floor()), 0));
        }
    }

    /** A manifest is ahead of the mark: an earlier leader put it and could not announce it (rule X1). */
    private long takeOver(State now, Manifest found) {
        Manifest.Segment segment = found.segment();
        if (segment == null || segment.first() > now.shipped() + 1 || now.applied() < found.mark()) {
            return await("manifest " + found.key() + " is further than what is applied here");
        }
        objects.check(segment);
        // its first entries may be shipped already, in an object that another leader cut: what counts is that the
        // announcement follows the mark and that the object holds all that it announces
        advance = new AdvanceHighWater(
                now.shipped() + 1,
                found.mark(),
                segment.key(),
                segment.bytes(),
                HexFormat.of().parseHex(segment.sha256()),
                ownChain(found.mark(), found.position().redoChain()));
        before = found.position();
        newest = segment;
        isAhead = false;
        namedFloor = found.floor();
        LOG.info("history {}: announcing {} for an earlier leader", history, segment.key());
        phase = Phase.PROPOSING;
        return 0;
    }

    private long gather() {
        State now = state.get();
        if (now.shipped() != shipped) {
            phase = Phase.LOOKING;
            return 0;
        }
        Optional<Checkpoint> checkpoint = checkpoints.due(now);
        if (checkpoint.isPresent() && newest != null) {
            long floor = floor(now);
            facts.add(checkpoints.name(checkpoint.get(), newest, before, floor));
            namedFloor = floor;
            phase = Phase.TELLING;
            return 0;
        }
        if (nameFloor(now)) {
            return 0;
        }
        if (!isAhead) {
            ahead.begin(shipped, before);
            isAhead = true;
        }
        long rest =
                ahead.isEmpty() ? ahead.seal(pace.millis(), Math.min(checkpoints.awaited(), awaitedByFloor(now))) : 0;
        if (ahead.isEmpty()) {
            return rest;
        }
        phase = Phase.PUTTING_SEGMENT;
        return 0;
    }

    /** Never less than a manifest has said. */
    private long floor(State now) {
        return Math.max(namedFloor, now.retention().floor());
    }

    /**
     * A floor that the log has raised stands in the newest manifest before what lies below it may go, and no earlier leader's
     * becomes the newest after that (rule X3).
     */
    private boolean nameFloor(State now) {
        Retention kept = now.retention();
        if (newest == null || ownTerm(now) > now.shipped() || kept.floor() < 0) {
            return false;
        }
        if (kept.floor() > namedFloor) {
            objects.name(history, newest, before, now.checkpoint(), kept.floor());
            namedFloor = kept.floor();
        }
        if (kept.isNamed() || kept.floor() != namedFloor) {
            return false;
        }
        facts.add(new FloorNamed(kept.floor()));
        phase = Phase.TELLING;
        return true;
    }

    private static long ownTerm(State now) {
        return now.terms().get(now.terms().size() - 1).firstLsn();
    }

    /** A floor that is not named yet is worth a segment of bookkeeping, as a checkpoint is (rule M3). */
    private static long awaitedByFloor(State now) {
        boolean waits = now.retention().floor() >= 0 && !now.retention().isNamed() && ownTerm(now) > now.shipped();
        return waits ? ownTerm(now) : Long.MAX_VALUE;
    }

    private Announcement announcement(Operation operation, String what) {
        return new Announcement(proposer, pace, options.proposalMillis(), operation, what, wake);
    }

    private long putSegments() {
        ahead.send();
        Optional<Shipped> next = ahead.take();
        if (next.isPresent()) {
            named = next.get();
            phase = Phase.PUTTING_MANIFEST;
            return 0;
        }
        long rest = ahead.seal(pace.millis(), Long.MAX_VALUE);
        ahead.send();
        return rest;
    }

    /** The next one only after the announcement of the one before is applied (rule X1). */
    private long putManifest() {
        Manifest.Segment segment = named.segment();
        Position position = named.position();
        State now = state.get();
        namedFloor = objects.putManifest(history, segment, position, now.checkpoint(), floor(now));
        advance = new AdvanceHighWater(
                segment.first(),
                segment.last(),
                segment.key(),
                segment.bytes(),
                HexFormat.of().parseHex(segment.sha256()),
                position.redoChain());
        before = position;
        newest = segment;
        named = null;
        phase = Phase.PROPOSING;
        return 0;
    }

    private long propose() {
        if (announcement == null) {
            announcement = announcement(advance, "LSN " + advance.last());
        }
        if (!isAnswered()) {
            return options.pollMillis();
        }
        if (state.get().shipped() == advance.last()) {
            shipped = advance.last();
            metrics.shipped(shipped);
            checkpoints.announced(shipped, advance.bytes());
            phase = Phase.GATHERING;
        } else {
            // refused, or another leader's announcement came first: S3 and the state say how to go on
            phase = Phase.LOOKING;
        }
        return 0;
    }

    /** What came of it the state tells: it is so, or it is named again, or outdated. */
    private long tell() {
        Operation next = facts.peek();
        if (next == null) {
            phase = Phase.GATHERING;
            return 0;
        }
        if (announcement == null) {
            announcement = announcement(next, next.toString());
        }
        if (!isAnswered()) {
            return options.pollMillis();
        }
        facts.remove();
        return 0;
    }

    private boolean isAnswered() {
        try {
            if (!announcement.isAnswered()) {
                return false;
            }
        } catch (TidemarkException e) {
            announcement = null;
            phase = Phase.LOOKING;
            throw e;
        }
        announcement = null;
        return true;
    }

    /** This node's chain value; the manifest's where this node cannot know it (rule W3). */
    private long ownChain(long lsn, long other) {
        OptionalLong own = log.chainAt(lsn);
        if (own.isPresent() && own.getAsLong() != other) {
            metrics.chainsDiffer(lsn, own.getAsLong(), other);
        }
        return own.orElse(other);
    }
}

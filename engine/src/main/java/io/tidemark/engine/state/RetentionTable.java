package io.tidemark.engine.state;

import io.tidemark.engine.Retention;
import io.tidemark.engine.Retention.Kept;
import io.tidemark.engine.StorageEngine.Checkpoint;
import io.tidemark.engine.log.EntryLimits;
import io.tidemark.engine.log.Operation.CollectGarbage;
import io.tidemark.engine.log.Operation.FloorNamed;
import io.tidemark.engine.log.Operation.OfRetention;
import io.tidemark.engine.log.Operation.Pin;
import io.tidemark.engine.log.Operation.RaiseFloor;
import io.tidemark.engine.log.Operation.Unpin;
import io.tidemark.engine.log.Reply;
import io.tidemark.engine.log.Reply.Status;
import io.tidemark.engine.log.Version;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What of the past is kept: rows of the tree {@link #TREE} (rules CT6, X3). What each command does is a function of them
 * and of the log's clock alone.
 *
 * <pre>
 *   key                     value
 *   checkpoint/LSN(8)       time it was shipped 8 | the checkpoint, as its row in sys.state
 *   floor                   lsn 8 | time it was named 8 (-1: not yet) | collected 8 | swept 8
 *   pin/NAME                lsn 8
 * </pre>
 */
final class RetentionTable {
    static final String TREE = "sys.retention";

    private static final byte[] FLOOR = ascii("floor");
    private static final byte[] CHECKPOINTS = ascii("checkpoint/");
    private static final byte[] AFTER_CHECKPOINTS = ascii("checkpoint0");
    private static final byte[] PINS = ascii("pin/");
    private static final byte[] AFTER_PINS = ascii("pin0");

    private final Trees trees;
    private Retention now;

    RetentionTable(Trees trees) {
        this.trees = trees;
        long[] floor = {-1, -1, -1, -1};
        trees.get(TREE, FLOOR)
                .ifPresent(row -> ByteBuffer.wrap(row.value()).asLongBuffer().get(floor));
        List<Kept> checkpoints = new ArrayList<>();
        trees.scan(TREE, CHECKPOINTS, AFTER_CHECKPOINTS, (key, value) -> {
            ByteBuffer row = ByteBuffer.wrap(value);
            long millis = row.getLong();
            return checkpoints.add(new Kept(CheckpointRow.decode(row), millis));
        });
        List<Retention.Pin> pins = new ArrayList<>();
        trees.scan(
                TREE,
                PINS,
                AFTER_PINS,
                (key, value) -> pins.add(new Retention.Pin(
                        new String(key, PINS.length, key.length - PINS.length, StandardCharsets.US_ASCII),
                        ByteBuffer.wrap(value).getLong())));
        now = new Retention(floor[0], floor[1], floor[2], floor[3], pins, checkpoints);
    }

    /** Immutable. */
    Retention now() {
        return now;
    }

    /** The log has taken a checkpoint. */
    void shipped(Checkpoint checkpoint, long timeMillis, Version at) {
        byte[] row = CheckpointRow.encode(checkpoint);
        put(
                key(CHECKPOINTS, checkpoint.lsn()),
                ByteBuffer.allocate(8 + row.length).putLong(timeMillis).put(row).array(),
                at);
        List<Kept> more = new ArrayList<>(now.checkpoints());
        more.add(new Kept(checkpoint, timeMillis));
        now = new Retention(now.floor(), now.namedMillis(), now.collected(), now.swept(), now.pins(), more);
    }

    /** A new history has begun: what was pinned was so in the one before. */
    void begin() {
        now.pins().forEach(pin -> trees.delete(TREE, key(pin.name())));
        now = new Retention(now.floor(), now.namedMillis(), now.collected(), now.swept(), List.of(), now.checkpoints());
    }

    Reply apply(OfRetention operation, long timeMillis, Version at) {
        if (operation instanceof RaiseFloor raise) {
            return raise(raise, timeMillis, at);
        } else if (operation instanceof FloorNamed named) {
            return named(named, timeMillis, at);
        } else if (operation instanceof CollectGarbage collect) {
            return collect(collect, timeMillis, at);
        } else if (operation instanceof Pin pin) {
            return pin(pin, at);
        }
        return unpin(((Unpin) operation).name(), at);
    }

    private Reply raise(RaiseFloor raise, long timeMillis, Version at) {
        boolean isPinned = now.lowestPin().orElse(Long.MAX_VALUE) < raise.lsn();
        boolean isReachable = raise.lsn() > now.floor() && now.reachable(raise.lsn()) == raise.lsn();
        if (isPinned || !isReachable || !isKept(raise.lsn(), raise.ageMillis(), timeMillis)) {
            return refused();
        }
        List<Kept> kept = new ArrayList<>(now.checkpoints());
        // a fork between the floor's entry and its announcement goes on from the one before
        while (kept.size() > 1 && kept.get(1).lsn() < raise.lsn()) {
            trees.delete(TREE, key(CHECKPOINTS, kept.remove(0).lsn()));
        }
        store(new Retention(raise.lsn(), -1, now.collected(), now.swept(), now.pins(), kept), at);
        return Reply.of(Status.OK, at);
    }

    private boolean isKept(long lsn, long ageMillis, long timeMillis) {
        return now.checkpoints().stream()
                .anyMatch(kept -> kept.lsn() == lsn && isOver(kept.shippedMillis(), ageMillis, timeMillis));
    }

    private static boolean isOver(long sinceMillis, long forMillis, long timeMillis) {
        return timeMillis - sinceMillis >= forMillis;
    }

    private Reply named(FloorNamed named, long timeMillis, Version at) {
        if (named.lsn() != now.floor() || now.isNamed() || named.lsn() < 0) {
            return refused();
        }
        store(new Retention(now.floor(), timeMillis, now.collected(), now.swept(), now.pins(), now.checkpoints()), at);
        return Reply.of(Status.OK, at);
    }

    private Reply collect(CollectGarbage collect, long timeMillis, Version at) {
        boolean sameBelow = collect.below() == now.collected();
        boolean moreBelow = collect.below() == now.floor()
                && collect.below() > now.collected()
                && now.isNamed()
                && isOver(now.namedMillis(), collect.graceMillis(), timeMillis);
        boolean sameSwept = collect.swept() == now.swept();
        boolean moreSwept = collect.swept() > now.swept() && isKept(collect.swept(), collect.graceMillis(), timeMillis);
        boolean isAllowed = (sameBelow || moreBelow) && (sameSwept || moreSwept) && (moreBelow || moreSwept);
        if (!isAllowed) {
            return Reply.of(Status.REFUSED, new Version(now.collected(), 0));
        }
        store(
                new Retention(
                        now.floor(),
                        now.namedMillis(),
                        collect.below(),
                        collect.swept(),
                        now.pins(),
                        now.checkpoints()),
                at);
        return Reply.of(Status.OK, at);
    }

    private Reply pin(Pin pin, Version at) {
        Optional<Retention.Pin> known = find(pin.name());
        if (known.isPresent()) {
            boolean same = known.get().lsn() == pin.lsn();
            return same
                    ? Reply.of(Status.OK, at)
                    : Reply.of(Status.CONDITION_FAILED, new Version(known.get().lsn(), 0));
        }
        if (pin.lsn() < now.floor() || pin.lsn() >= at.lsn()) {
            return refused();
        }
        if (now.pins().size() >= EntryLimits.PINS_MAX) {
            return Reply.of(Status.LIMIT, at, EntryLimits.PINS_MAX);
        }
        put(key(pin.name()), ByteBuffer.allocate(8).putLong(pin.lsn()).array(), at);
        List<Retention.Pin> more = new ArrayList<>(now.pins());
        more.add(new Retention.Pin(pin.name(), pin.lsn()));
        more.sort(Comparator.comparing(Retention.Pin::name));
        pins(more);
        return Reply.of(Status.OK, at);
    }

    private Reply unpin(String name, Version at) {
        Optional<Retention.Pin> known = find(name);
        if (known.isEmpty()) {
            return Reply.of(Status.NOT_FOUND, at);
        }
        trees.delete(TREE, key(name));
        pins(now.pins().stream().filter(pin -> !pin.name().equals(name)).toList());
        return Reply.of(Status.OK, at);
    }

    private Optional<Retention.Pin> find(String name) {
        return now.pins().stream().filter(pin -> pin.name().equals(name)).findFirst();
    }

    private void pins(List<Retention.Pin> pins) {
        now = new Retention(now.floor(), now.namedMillis(), now.collected(), now.swept(), pins, now.checkpoints());
    }

    private Reply refused() {
        return Reply.of(Status.REFUSED, new Version(now.floor(), 0));
    }

    private void store(Retention next, Version at) {
        byte[] row = ByteBuffer.allocate(4 * 8)
                .putLong(next.floor())
                .putLong(next.namedMillis())
                .putLong(next.collected())
                .putLong(next.swept())
                .array();
        put(FLOOR, row, at);
        now = next;
    }

    private void put(byte[] key, byte[] value, Version at) {
        trees.put(TREE, key, value, new Version(at.lsn(), 0));
    }

    private static byte[] key(byte[] prefix, long lsn) {
        return ByteBuffer.allocate(prefix.length + 8).put(prefix).putLong(lsn).array();
    }

    private static byte[] key(String pin) {
        return ascii("pin/" + pin);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}

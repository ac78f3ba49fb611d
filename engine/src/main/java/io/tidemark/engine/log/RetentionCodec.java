package io.tidemark.engine.log;

import io.tidemark.engine.log.Operation.CollectGarbage;
import io.tidemark.engine.log.Operation.FloorNamed;
import io.tidemark.engine.log.Operation.OfRetention;
import io.tidemark.engine.log.Operation.Pin;
import io.tidemark.engine.log.Operation.RaiseFloor;
import io.tidemark.engine.log.Operation.Unpin;
import java.nio.ByteBuffer;

/**
 * The bodies of commands that say what of the past is kept, as parts of an entry ({@link EntryCodec}).
 *
 * <pre>
 *   raise floor   lsn 8 | age in milliseconds 8
 *   floor named   lsn 8
 *   collect       below 8 | swept 8 | grace in milliseconds 8
 *   pin           name | lsn 8
 *   unpin         name
 * </pre>
 */
final class RetentionCodec {
    private static final byte RAISE_FLOOR = 24;
    private static final byte FLOOR_NAMED = 25;
    private static final byte COLLECT_GARBAGE = 26;
    private static final byte PIN = 27;
    private static final byte UNPIN = 28;

    private RetentionCodec() {}

    static boolean has(byte code) {
        return code >= RAISE_FLOOR && code <= UNPIN;
    }

    static byte code(OfRetention operation) {
        if (operation instanceof RaiseFloor) {
            return RAISE_FLOOR;
        } else if (operation instanceof FloorNamed) {
            return FLOOR_NAMED;
        } else if (operation instanceof CollectGarbage) {
            return COLLECT_GARBAGE;
        }
        return operation instanceof Pin ? PIN : UNPIN;
    }

    static int bodyBytes(OfRetention operation) {
        if (operation instanceof RaiseFloor) {
            return 8 + 8;
        } else if (operation instanceof FloorNamed) {
            return 8;
        } else if (operation instanceof CollectGarbage) {
            return 8 + 8 + 8;
        } else if (operation instanceof Pin pin) {
            return EntryFields.nameBytes(pin.name()) + 8;
        }
        return EntryFields.nameBytes(((Unpin) operation).name());
    }

    static void encode(OfRetention operation, ByteBuffer out) {
        if (operation instanceof RaiseFloor raise) {
            out.putLong(raise.lsn()).putLong(raise.ageMillis());
        } else if (operation instanceof FloorNamed named) {
            out.putLong(named.lsn());
        } else if (operation instanceof CollectGarbage collect) {
            out.putLong(collect.below()).putLong(collect.swept()).putLong(collect.graceMillis());
        } else if (operation instanceof Pin pin) {
            EntryFields.putName(pin.name(), out);
            out.putLong(pin.lsn());
        } else if (operation instanceof Unpin unpin) {
            EntryFields.putName(unpin.name(), out);
        }
    }

    static Operation decode(byte code, ByteBuffer in) {
        return switch (code) {
            case RAISE_FLOOR -> new RaiseFloor(in.getLong(), in.getLong());
            case FLOOR_NAMED -> new FloorNamed(in.getLong());
            case COLLECT_GARBAGE -> new CollectGarbage(in.getLong(), in.getLong(), in.getLong());
            case PIN -> new Pin(EntryFields.getName(in), in.getLong());
            default -> new Unpin(EntryFields.getName(in));
        };
    }
}

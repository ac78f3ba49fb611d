package io.tidemark.shipper.catalog;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidemark.shipper.segment.SegmentName;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/**
 * The bytes of a tier catalog, version 1. Big-endian.
 *
 * <pre>
 * row: key = the segment's key in S3, UTF-8
 *  0      1         8       16      24      32      40      48      56        88      92
 *  +------+---------+-------+-------+-------+-------+-------+-------+---------+-------+
 *  | tier | zero    | bytes | made  | access| reads | since | until | SHA-256 |CRC32C |
 *  +------+---------+-------+-------+-------+-------+-------+-------+---------+-------+
 *   tier: 0 HOT, 1 WARM, 2 COLD; the first two have a copy      SHA-256: zeros for unknown
 *   since: reads are counted from then on                       until: kept by hand
 *   CRC32C: over the key and all bytes before it
 *
 * state: one value
 *  0       4       8       16       24       32         40         48      52
 *  +-------+-------+-------+--------+--------+----------+----------+-------+
 *  | TMTC  |version| rows  | digest | listed | promoted | demoted  |CRC32C |
 *  +-------+-------+-------+--------+--------+----------+----------+-------+
 *   listed: every segment that begins below is known, -1 before the first listing
 * </pre>
 *
 * The digest is the sum of all rows' CRCs: a row that is lost, doubled or changed does not add up. It guards against rot,
 * not against forgery.
 */
final class CatalogFormat {
    static final int MAGIC = 0x544D5443;
    static final int VERSION = 1;
    static final int ROW_BYTES = 92;
    static final int STATE_BYTES = 52;

    private static final int HASH_BYTES = 32;
    private static final int HASH_AT = 56;
    private static final int PAD_BYTES = 7;

    private CatalogFormat() {}

    static byte[] key(SegmentName name) {
        return name.key().getBytes(UTF_8);
    }

    static byte[] encode(SegmentRow row) {
        ByteBuffer out = ByteBuffer.allocate(ROW_BYTES)
                .put((byte) row.tier().ordinal())
                .put(new byte[PAD_BYTES])
                .putLong(row.bytes())
                .putLong(row.madeMillis())
                .putLong(row.accessMillis())
                .putLong(row.reads())
                .putLong(row.readsSinceMillis())
                .putLong(row.keptUntilMillis())
                .put(
                        row.sha256() == null
                                ? new byte[HASH_BYTES]
                                : HexFormat.of().parseHex(row.sha256()));
        return out.putInt(crc(key(row.name()), out.array(), ROW_BYTES - 4)).array();
    }

    /** @throws IllegalArgumentException with what was expected and found */
    static SegmentRow decode(byte[] key, byte[] bytes) {
        SegmentName name = SegmentName.parse(new String(key, UTF_8))
                .orElseThrow(() -> new IllegalArgumentException("no key of a segment: " + new String(key, UTF_8)));
        if (bytes.length != ROW_BYTES) {
            throw new IllegalArgumentException(
                    "the row of " + name + " has " + bytes.length + " bytes, not " + ROW_BYTES);
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        int stored = in.getInt(ROW_BYTES - 4);
        int found = crc(key, bytes, ROW_BYTES - 4);
        int tier = in.get();
        if (stored != found || tier < 0 || tier >= Tier.values().length) {
            throw new IllegalArgumentException(
                    String.format("the row of %s in tier %d has CRC %08x, %08x found", name, tier, stored, found));
        }
        in.position(1 + PAD_BYTES);
        byte[] hash = Arrays.copyOfRange(bytes, HASH_AT, HASH_AT + HASH_BYTES);
        return new SegmentRow(
                name,
                Tier.values()[tier],
                tier != Tier.COLD.ordinal(),
                in.getLong(),
                Arrays.equals(hash, new byte[HASH_BYTES])
                        ? null
                        : HexFormat.of().formatHex(hash),
                in.getLong(),
                in.getLong(),
                in.getLong(),
                in.getLong(),
                in.getLong());
    }

    /** What a row adds to the digest. */
    static long hash(SegmentRow row) {
        byte[] bytes = encode(row);
        return Integer.toUnsignedLong(ByteBuffer.wrap(bytes).getInt(ROW_BYTES - 4));
    }

    /** @param digest sum of all rows' hashes */
    record Stored(CatalogState state, long rows, long digest) {
        static final Stored EMPTY = new Stored(CatalogState.EMPTY, 0, 0);

        Stored with(SegmentRow before, SegmentRow after) {
            long count = rows + (after == null ? 0 : 1) - (before == null ? 0 : 1);
            long sum = digest + (after == null ? 0 : hash(after)) - (before == null ? 0 : hash(before));
            return new Stored(state, count, sum);
        }

        Stored with(CatalogState next) {
            return new Stored(next, rows, digest);
        }

        byte[] encode() {
            ByteBuffer out = ByteBuffer.allocate(STATE_BYTES)
                    .putInt(MAGIC)
                    .putInt(VERSION)
                    .putLong(rows)
                    .putLong(digest)
                    .putLong(state.listedFrom())
                    .putLong(state.promotions())
                    .putLong(state.demotions());
            return out.putInt(crc(new byte[0], out.array(), STATE_BYTES - 4)).array();
        }

        /**
         * The state in {@code bytes}, if the rows that were found add up with it.
         *
         * @throws IllegalArgumentException with what was expected and found
         */
        static Stored decode(byte[] bytes, long rowsFound, long digestFound) {
            ByteBuffer in = ByteBuffer.wrap(bytes);
            if (bytes.length != STATE_BYTES
                    || in.getInt(STATE_BYTES - 4) != crc(new byte[0], bytes, STATE_BYTES - 4)
                    || in.getInt() != MAGIC
                    || in.getInt() != VERSION) {
                throw new IllegalArgumentException("the state is not " + STATE_BYTES + " bytes of format " + VERSION);
            }
            long rows = in.getLong();
            long digest = in.getLong();
            if (rows != rowsFound || digest != digestFound) {
                throw new IllegalArgumentException(String.format(
                        "%d rows with digest %016x expected, %d with %016x found",
                        rows, digest, rowsFound, digestFound));
            }
            return new Stored(new CatalogState(in.getLong(), in.getLong(), in.getLong()), rows, digest);
        }
    }

    private static int crc(byte[] key, byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(key, 0, key.length);
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }
}

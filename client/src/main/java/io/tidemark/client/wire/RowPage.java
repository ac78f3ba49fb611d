package io.tidemark.client.wire;

import io.tidemark.client.Row;
import io.tidemark.client.ScanPage;
import io.tidemark.client.Version;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A page of a scan, daemon to client: {@code GET /v1/kv/{keyspace}} with {@code Accept: application/x-tidemark-rows}.
 * Big-endian.
 *
 * <pre>
 *   0        4    5    6          8          16      20
 *   +--------+----+----+----------+----------+-------+-------------+------+
 *   | "TmRw" | 01 | 0  | next len | read LSN | count | count x row | next |
 *   +--------+----+----+----------+----------+-------+-------------+------+
 *
 *   0             8               12      14  16        20
 *   +-------------+---------------+-------+---+---------+-----+-------+
 *   | version LSN | version index | k len | 0 | val len | key | value |
 *   +-------------+---------------+-------+---+---------+-----+-------+
 * </pre>
 *
 * {@code next} is the first key not returned; length 0 means that the range is exhausted (no key is empty).
 */
public final class RowPage {
    public static final String MEDIA_TYPE = "application/x-tidemark-rows";
    /** Most rows of one page. */
    public static final int ROWS_MAX = 10_000;

    private static final int MAGIC = 0x546d5277;
    private static final int VERSION = 1;
    private static final int HEADER_BYTES = 20;
    private static final int ROW_BYTES = 20;

    private RowPage() {}

    public static byte[] encode(ScanPage page) {
        int nextBytes = page.next() == null ? 0 : page.next().length;
        int bytes = HEADER_BYTES + nextBytes;
        for (Row row : page.rows()) {
            bytes = Math.addExact(bytes, ROW_BYTES + row.key().length + row.value().length);
        }
        ByteBuffer out = ByteBuffer.allocate(bytes);
        out.putInt(MAGIC).put((byte) VERSION).put((byte) 0).putShort((short) nextBytes);
        out.putLong(page.lsn()).putInt(page.rows().size());
        for (Row row : page.rows()) {
            out.putLong(row.version().lsn()).putInt(row.version().index());
            out.putShort((short) row.key().length).putShort((short) 0).putInt(row.value().length);
            out.put(row.key()).put(row.value());
        }
        if (nextBytes > 0) {
            out.put(page.next());
        }
        return out.array();
    }

    /** @throws WireException when {@code message} is not exactly one page */
    public static ScanPage decode(byte[] message) {
        WireReader in = new WireReader(message);
        in.expectHeader(MAGIC, VERSION, "page of rows");
        in.expectZero(1, "reserved");
        int nextBytes = in.uint16("next length");
        long lsn = in.int64("read LSN");
        int count = in.length(ROWS_MAX, "count");
        in.needItems(count, ROW_BYTES, "count");
        List<Row> rows = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            Version version = new Version(in.int64("version LSN"), in.int32("version index"));
            int keyBytes = in.uint16("key length");
            in.expectZero(2, "reserved");
            int valueBytes = in.length(BatchRequest.VALUE_BYTES_MAX, "value length");
            byte[] key = in.bytes(keyBytes, "key");
            rows.add(new Row(key, in.bytes(valueBytes, "value"), version));
        }
        byte[] next = nextBytes == 0 ? null : in.bytes(nextBytes, "next");
        in.expectEnd("page of rows");
        return new ScanPage(rows, next, lsn);
    }
}

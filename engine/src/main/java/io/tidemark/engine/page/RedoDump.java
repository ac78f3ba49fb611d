package io.tidemark.engine.page;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** The redo of a WAL block in words, for people. */
public final class RedoDump {
    private RedoDump() {}

    /** One line per record, of a block's bytes from position to limit. */
    public static List<String> of(ByteBuffer redo) {
        byte[] records = new byte[redo.remaining()];
        redo.get(redo.position(), records);
        List<String> lines = new ArrayList<>();
        int next;
        for (int at = 0; at < records.length; at = next) {
            next = PageRedo.next(records, at, records.length);
            lines.add("page " + PageRedo.pageId(records, at) + "  " + describe(records, at, next));
        }
        return lines;
    }

    private static String describe(byte[] records, int at, int next) {
        int args = at + PageRedo.HEADER_BYTES;
        int op = PageRedo.op(records, at);
        return switch (op) {
            case PageRedo.FORMAT -> "FORMAT as " + PageType.of(records[args]) + " of level " + records[args + 1];
            case PageRedo.FORMAT_OVERFLOW ->
                "FORMAT_OVERFLOW " + (next - args - Long.BYTES) + " B, next page " + RedoBuffer.getLong(records, args);
            case PageRedo.INSERT -> "INSERT slot " + slot(records, args) + ", " + (next - args - 2) + " B";
            case PageRedo.REPLACE -> "REPLACE slot " + slot(records, args) + ", " + (next - args - 2) + " B";
            case PageRedo.DELETE -> "DELETE slot " + slot(records, args);
            case PageRedo.REMOVE -> "REMOVE slots " + slot(records, args) + " to before " + slot(records, args + 2);
            case PageRedo.SET -> "SET offset " + slot(records, args) + " to " + RedoBuffer.getLong(records, args + 2);
            case PageRedo.INSERT_MANY ->
                "INSERT_MANY from slot " + slot(records, args) + ", " + (next - args - 2) + " B";
            default -> "unknown operation " + op;
        };
    }

    private static int slot(byte[] records, int args) {
        return RedoBuffer.getShort(records, args);
    }
}

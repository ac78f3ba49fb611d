package io.tidemark.bench.peer;

import io.tidemark.bench.peer.KeyValueEngine.RowSink;
import java.nio.ByteBuffer;

/** Hands rows that an engine lends over in arrays, which serve for the next row too. */
final class LentRows {
    private final RowSink sink;
    private byte[] key = {};
    private byte[] value = {};

    LentRows(RowSink sink) {
        this.sink = sink;
    }

    /** Returns false when the sink has enough. */
    boolean row(ByteBuffer lentKey, ByteBuffer lentValue) {
        if (key.length != lentKey.remaining()) {
            key = new byte[lentKey.remaining()];
        }
        int length = lentValue.remaining();
        if (value.length < length) {
            value = new byte[length];
        }
        lentKey.get(key);
        lentValue.get(value, 0, length);
        return sink.row(key, value, length);
    }
}

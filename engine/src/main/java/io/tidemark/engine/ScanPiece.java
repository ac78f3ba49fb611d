package io.tidemark.engine;

import io.tidemark.engine.StorageEngine.Row;
import io.tidemark.engine.StorageEngine.Scan;
import io.tidemark.engine.buffer.Use;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.page.PageHeader;
import java.util.ArrayList;
import java.util.List;

/** Rows of one piece of a scan, as they come in. */
final class ScanPiece {
    /** One answer holds no more than this. */
    private static final int ROWS_MAX = 10_000;

    private static final long BYTES_MAX = 8 << 20;

    private final int limitRows;
    private final long limitBytes;
    private final List<Row> rows = new ArrayList<>();
    private long bytes;
    private byte[] nextKey;

    private ScanPiece(int limitRows, long limitBytes) {
        this.limitRows = limitRows;
        this.limitBytes = limitBytes;
    }

    static Scan read(ReadPlace place, String tree, byte[] from, byte[] to, int limitRows, long limitBytes) {
        if (limitRows < 1) {
            throw new TidemarkException(ErrorKind.INVALID, "a scan returns at least 1 row, not " + limitRows);
        }
        ScanPiece piece = new ScanPiece(Math.min(limitRows, ROWS_MAX), Math.min(limitBytes, BYTES_MAX));
        long root = place.root(tree);
        if (root != PageHeader.NO_PAGE) {
            place.trees.scan(root, from, to, (key, leaf, slot) -> {
                if (piece.isFull()) {
                    piece.nextKey = key;
                    return false;
                }
                piece.add(place.row(key, leaf.page(), slot, Use.SCAN));
                return true;
            });
        }
        return new Scan(piece.rows, piece.nextKey, place.lsn());
    }

    private boolean isFull() {
        return rows.size() == limitRows || (bytes >= limitBytes && !rows.isEmpty());
    }

    private void add(Row row) {
        if (row != null) {
            rows.add(row);
            bytes += row.key().length + row.value().length;
        }
    }
}

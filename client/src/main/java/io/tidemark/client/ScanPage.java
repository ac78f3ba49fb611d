package io.tidemark.client;

import java.util.List;

/**
 * Rows in key order, all of the state at one LSN.
 *
 * @param next first key not returned, null when the range is exhausted
 * @param lsn LSN of that state
 */
public record ScanPage(List<Row> rows, byte[] next, long lsn) {
    public ScanPage {
        rows = List.copyOf(rows);
    }
}

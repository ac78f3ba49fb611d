package io.tidemark.engine.state;

import io.tidemark.engine.log.Reply;
import io.tidemark.engine.log.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One client session in memory. Belongs to {@link SessionTable}. */
final class Session {
    private static final int DEAD_ROWS_MAX = 16;

    final Version id;
    Version usedAt;
    long usedMillis;

    /** Replies up to this sequence are forgotten; a request at or below it is never applied again. */
    long forgotten;

    final TreeMap<Long, Reply> replies = new TreeMap<>();

    /** LSN of each stored row of replies, with the greatest sequence in it. */
    final TreeMap<Long, Long> rows = new TreeMap<>();

    /** Sequences answered by the entry in progress. */
    final List<Long> fresh = new ArrayList<>();

    boolean touched;
    boolean stored;

    Session(Version id, Version usedAt, long usedMillis, long forgotten) {
        this.id = id;
        this.usedAt = usedAt;
        this.usedMillis = usedMillis;
        this.forgotten = forgotten;
    }

    void load(long lsn, byte[] row) {
        long greatest = SessionRow.readReplies(lsn, row, (sequence, reply) -> {
            if (sequence > forgotten) {
                replies.put(sequence, reply);
            }
        });
        rows.put(lsn, greatest);
    }

    void forgetThrough(long sequence) {
        if (sequence > forgotten) {
            forgotten = sequence;
            replies.headMap(sequence, true).clear();
        }
    }

    /**
     * Stored rows that hold nothing above {@link #forgotten} any more, oldest first; what is left is for the entries to
     * come, so that no client can make one entry change many pages (rule E2).
     */
    List<Long> takeDeadRows() {
        List<Long> dead = rows.entrySet().stream()
                .filter(row -> row.getValue() <= forgotten)
                .limit(DEAD_ROWS_MAX)
                .map(Map.Entry::getKey)
                .toList();
        dead.forEach(rows::remove);
        return dead;
    }
}

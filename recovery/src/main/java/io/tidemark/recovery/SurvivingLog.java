package io.tidemark.recovery;

import io.tidemark.engine.log.LogEntry;
import java.util.function.Consumer;

/** What a node that is left of a lost cluster still has in its log (rule L9). */
public interface SurvivingLog {
    /** Id of the history that it is a log of. */
    String history();

    /**
     * Hands out the entries above {@code lsn} in order, without a gap, as far as they can be read. None of a log that has
     * another entry at {@code lsn} itself: what S3 has was agreed on, and this log lost against it.
     *
     * @param term of the entry at {@code lsn}, by S3
     * @throws io.tidemark.engine.error.TidemarkException {@code CORRUPT} when the log begins above {@code lsn + 1}
     */
    void forEachAfter(long lsn, long term, Consumer<LogEntry> visitor);
}

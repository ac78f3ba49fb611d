package io.tidemark.shipper;

import io.tidemark.engine.StorageEngine.State;
import io.tidemark.engine.StorageEngine.TermStart;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.log.EntryKind;
import io.tidemark.engine.log.LogEntry;
import io.tidemark.shipper.segment.SealedSegment;
import io.tidemark.shipper.segment.SegmentFooter.Position;
import io.tidemark.shipper.segment.SegmentWriter;
import java.util.List;

/**
 * Gathers the entries after the shipped mark and says when they make a segment: by size, or by age if a client's entry
 * is among them (rule M3), sooner if somebody waits for it (rule M6). Used by one thread.
 */
final class SegmentSealer {
    private final ShipperOptions options;
    private final SegmentWriter writer;
    private final long first;
    private long configurationLsn;
    private byte[] configuration;
    private long clientSinceMillis;
    private boolean holdsClientEntry;
    private boolean full;
    private boolean wanted;

    /**
     * @param first LSN of the first entry
     * @param before what held before it: its configuration is in force until the log brings another
     */
    SegmentSealer(ShipperOptions options, String history, long first, Position before) {
        this.options = options;
        this.first = first;
        this.writer = new SegmentWriter(history, first, options.zstdLevel());
        this.configurationLsn = before.configurationLsn();
        this.configuration = before.configuration();
    }

    /** Takes what the log has, up to {@code through} and to a full segment. */
    void gather(LogSource log, long through, long nowMillis) {
        wanted = log.wantedInS3() >= first;
        while (!full && writer.last() < through) {
            long lsn = writer.last() + 1;
            LogEntry entry = log.entry(lsn)
                    .orElseThrow(() -> new TidemarkException(
                            ErrorKind.UNAVAILABLE,
                            "entry " + lsn + " is not shipped and this node's log no longer holds it; another node"
                                    + " must lead until S3 has it"));
            if (writer.plainBytes() > 0 && writer.plainBytes() + entry.payload().length > 2L * options.segmentBytes()) {
                full = true;
                return;
            }
            take(entry, nowMillis);
        }
    }

    private void take(LogEntry entry, long nowMillis) {
        writer.add(entry);
        if (entry.kind() == EntryKind.CONFIGURATION) {
            configurationLsn = entry.lsn();
            configuration = entry.payload();
        }
        if (!holdsClientEntry && !Bookkeeping.holds(entry)) {
            holdsClientEntry = true;
            clientSinceMillis = nowMillis;
        }
        full = writer.plainBytes() >= options.segmentBytes();
    }

    boolean isFull() {
        return full;
    }

    boolean due(long nowMillis) {
        return full || (holdsClientEntry && nowMillis - clientSinceMillis >= ageMillis());
    }

    /** Milliseconds until age alone makes a segment; the greatest long when it never will. */
    long dueInMillis(long nowMillis) {
        return holdsClientEntry ? Math.max(0, clientSinceMillis + ageMillis() - nowMillis) : Long.MAX_VALUE;
    }

    private long ageMillis() {
        return wanted ? Math.min(options.ackLingerMillis(), options.segmentAgeMillis()) : options.segmentAgeMillis();
    }

    long last() {
        return writer.last();
    }

    /** Ends the segment. */
    SealedSegment seal(State state, long chain) {
        List<TermStart> terms =
                state.terms().stream().filter(t -> t.firstLsn() <= last()).toList();
        return writer.finish(new Position(chain, terms, configurationLsn, configuration));
    }
}

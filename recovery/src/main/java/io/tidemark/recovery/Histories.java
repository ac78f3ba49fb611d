package io.tidemark.recovery;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.shipper.catalog.HistoryReader;
import io.tidemark.shipper.manifest.HistoryRecord;
import io.tidemark.shipper.manifest.Manifest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Finds the history that somebody means, among those in a store. */
public record Histories(HistoryReader reader) {

    /** The one that was named, which must be there; else the only one, {@code INVALID} with a list when there are several. */
    public String choose(Optional<String> named) {
        String history = named.orElseGet(this::only);
        reader.history(history);
        return history;
    }

    private String only() {
        List<String> histories = reader.histories();
        if (histories.isEmpty()) {
            throw new TidemarkException(ErrorKind.NOT_FOUND, "there is no history here: wrong bucket or prefix?");
        }
        if (histories.size() > 1) {
            throw new TidemarkException(
                    ErrorKind.INVALID,
                    "there are several histories here, name the one you mean: " + describe(histories));
        }
        return histories.get(0);
    }

    private String describe(List<String> histories) {
        StringBuilder all = new StringBuilder();
        for (String id : histories) {
            HistoryRecord record = reader.history(id);
            Optional<Manifest> newest = reader.newestManifest(id);
            all.append(all.isEmpty() ? "" : "; ")
                    .append(id)
                    .append(newest.map(m -> " (up to LSN " + m.mark()).orElse(" (empty"))
                    .append(record.parentIfAny()
                            .map(p -> ", forked from " + p + " at " + record.fork())
                            .orElse(""))
                    .append(')');
        }
        return all.toString();
    }

    /** Its last LSN in S3; {@code NOT_FOUND} before the first manifest. */
    public long newest(String history) {
        return manifest(history).mark();
    }

    private Manifest manifest(String history) {
        return reader.newestManifest(history)
                .orElseThrow(() -> new TidemarkException(
                        ErrorKind.NOT_FOUND, "history " + history + " has no manifest: nothing of it was shipped yet"));
    }

    /**
     * The last LSN whose entry the log's clock (rule E7) had not passed this time with: the state that held then. Reads
     * segments from the beginning of what is kept on, as far as needed.
     *
     * @param millis wall clock, since 1970
     * @throws TidemarkException {@code INVALID} when the history begins later; {@code NOT_FOUND} when that state was given up,
     *     or may have been: no segment that is left knows since when the state at the floor held
     */
    public long lsnAt(String history, long millis) {
        Manifest newest = manifest(history);
        long mark = newest.mark();
        EntryAfter after = new EntryAfter(millis);
        // a fork at its parent's floor has nothing above that: only the entry there tells its time
        for (HistoryReader.Piece piece : reader.covering(history, Math.min(newest.floor(), mark - 1), mark)) {
            // what a segment has from before its piece was looked at already, or tells the time of the floor
            reader.segment(piece.segment()).forEach(entry -> {
                if (entry.lsn() <= piece.to()) {
                    after.look(entry);
                }
            });
            if (after.found() >= 0) {
                break;
            }
        }
        if (after.found() < 0) {
            return mark;
        }
        if (after.found() <= newest.floor() || newest.floor() >= 0 && !after.timed()) {
            newest.requireKept(newest.floor() - 1, "the state at " + Instant.ofEpochMilli(millis));
        }
        if (after.found() == 0 || !after.timed()) {
            throw new TidemarkException(
                    ErrorKind.INVALID, "history " + history + " begins after " + Instant.ofEpochMilli(millis));
        }
        return after.found() - 1;
    }
}

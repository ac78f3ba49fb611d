package io.tidemark.shipper;

import com.codahale.metrics.MetricRegistry;
import io.tidemark.engine.StorageEngine.State;
import io.tidemark.engine.error.Halt;
import io.tidemark.engine.log.LogEntry;
import io.tidemark.shipper.manifest.HistoryRecord;
import io.tidemark.shipper.manifest.Manifest;
import io.tidemark.shipper.pace.Pace;
import io.tidemark.shipper.segment.SegmentFooter.Position;
import io.tidemark.shipper.segment.SegmentWriter;
import io.tidemark.shipper.store.ObjectStore;
import java.util.function.Supplier;

/**
 * Ships entries of a history that no cluster carries on any more, from the log of a node that survived it (rule L9).
 * Each entry is added after it was applied; {@link #end} makes S3 have the last of them. Not thread-safe.
 */
public final class LateShipment {
    private final ShipperOptions options;
    private final String history;
    private final ShippedObjects objects;
    private final Supplier<State> state;
    private final Pace pace;
    private SegmentWriter writer;
    private boolean historyKnown;

    /**
     * @param state of the engine that the entries are applied to
     * @param halt told when S3 has other entries under the same name: the history is not dead after all
     */
    public LateShipment(
            ShipperOptions options,
            String history,
            ObjectStore store,
            Pace pace,
            Supplier<State> state,
            MetricRegistry metrics,
            Halt halt) {
        this.options = options;
        this.history = history;
        this.objects = new ShippedObjects(store, pace, new ShipperMetrics(metrics), halt);
        this.pace = pace;
        this.state = state;
    }

    /** The entry was applied just now. */
    public void applied(LogEntry entry) {
        if (writer == null) {
            writer = new SegmentWriter(history, entry.lsn());
        }
        writer.add(entry);
        if (writer.plainBytes() >= options.segmentBytes()) {
            end();
        }
    }

    /** S3 has all that was applied when this returns, and a manifest says so. */
    public void end() {
        if (writer == null) {
            return;
        }
        State now = state.get();
        if (!historyKnown) {
            objects.putHistory(new HistoryRecord(history, now.parentHistory(), now.fork(), history, pace.wallMillis()));
            historyKnown = true;
        }
        Position position = new Position(now.redoChain(), now.terms(), now.configurationLsn(), now.configuration());
        Manifest.Segment segment = objects.putSegment(writer.finish(position));
        objects.putManifest(
                history, segment, position, now.checkpoint(), now.retention().floor());
        writer = null;
    }
}

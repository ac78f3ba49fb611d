package io.tidemark.shipper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.log.LogEntry;
import io.tidemark.shipper.segment.SegmentFooter.Position;
import io.tidemark.shipper.store.SimulatedObjectStore;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class SegmentSealerTest {
    private static final ShipperOptions OPTIONS = ShipperOptions.builder()
            .segmentAgeMillis(10_000)
            .ackLingerMillis(30)
            .build();

    private final ModelCluster cluster = new ModelCluster(new SimulatedObjectStore());
    private final Log log = new Log();

    private SegmentSealer sealer() {
        return new SegmentSealer(
                OPTIONS, ModelCluster.HISTORY, cluster.shipped() + 1, new Position(0, List.of(), -1, new byte[0]));
    }

    @Test
    void m6_anEntryThatSomebodyWaitsForIsCutAfterTheLingerAndNotAfterTheAge() {
        cluster.put(10);
        SegmentSealer sealer = sealer();
        sealer.gather(log, cluster.last(), 1_000);
        assertFalse(sealer.due(1_000 + 9_999));
        assertEquals(10_000, sealer.dueInMillis(1_000));

        log.wanted = cluster.last();
        sealer.gather(log, cluster.last(), 1_010);
        assertFalse(sealer.due(1_010));
        assertEquals(20, sealer.dueInMillis(1_010));
        assertTrue(sealer.due(1_030));
    }

    @Test
    void m6_oneWhoWaitedForWhatIsShippedHurriesNobody() {
        cluster.put(10);
        log.wanted = cluster.shipped();
        SegmentSealer sealer = sealer();
        sealer.gather(log, cluster.last(), 0);
        assertFalse(sealer.due(9_999));
        assertTrue(sealer.due(10_000));
    }

    private final class Log implements LogSource {
        private long wanted = -1;

        @Override
        public long lastShippable() {
            return cluster.last();
        }

        @Override
        public Optional<LogEntry> entry(long lsn) {
            return Optional.of(cluster.entry(lsn));
        }

        @Override
        public OptionalLong chainAt(long lsn) {
            return OptionalLong.empty();
        }

        @Override
        public long wantedInS3() {
            return wanted;
        }
    }
}

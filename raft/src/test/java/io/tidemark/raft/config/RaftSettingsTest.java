package io.tidemark.raft.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.log.EntryLimits;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.retry.RetryPolicy;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.server.RaftServerConfigKeys.Log;
import org.apache.ratis.server.RaftServerConfigKeys.Read;
import org.apache.ratis.server.RaftServerConfigKeys.Snapshot;
import org.junit.jupiter.api.Test;

/** What Ratis reads in the end, defaults included. */
class RaftSettingsTest {
    private final RaftProperties properties =
            RaftSettings.of(Path.of("node", "raft"), InetSocketAddress.createUnresolved("127.0.0.1", 1));

    @Test
    void r4_nothingIsAnsweredBeforeItIsOnDisk() {
        assertFalse(Log.asyncFlushEnabled(properties));
        assertFalse(Log.unsafeFlushEnabled(properties));
        assertFalse(Log.useMemory(properties));
    }

    @Test
    void r6_aDamagedLogStopsTheStart() {
        assertEquals(Log.CorruptionPolicy.EXCEPTION, Log.corruptionPolicy(properties));
    }

    @Test
    void r16_readsAreLinearizable() {
        assertEquals(Read.Option.LINEARIZABLE, Read.option(properties));
        assertTrue(Read.leaderHeartbeatCheckEnabled(properties));
    }

    @Test
    void l8_readsTakeNoLease() {
        assertFalse(Read.leaderLeaseEnabled(properties));
    }

    @Test
    void r8_theLogIsLetGoByTheShippedMarkAlone() {
        assertFalse(Snapshot.autoTriggerEnabled(properties));
        assertFalse(Snapshot.triggerWhenStopEnabled(properties));
        assertFalse(Snapshot.triggerWhenRemoveEnabled(properties));
        assertFalse(Log.Appender.installSnapshotEnabled(properties));
        assertEquals(1, Log.purgeGap(properties));
        assertEquals(0, Log.purgePreservationLogNum(properties));
    }

    @Test
    void m3_ratisWritesNoEntriesOfItsOwnAtRest() {
        assertFalse(Log.logMetadataEnabled(properties));
    }

    @Test
    void e3_theGreatestEntryFitsEveryBuffer() {
        long appender = Log.Appender.bufferByteLimit(properties).getSize();
        assertEquals(20 << 20, appender);
        assertTrue(EntryLimits.ENTRY_BYTES_MAX + (1 << 20) < appender);
        assertTrue(Log.writeBufferSize(properties).getSize() >= appender + 8);
        assertTrue(Log.segmentSizeMax(properties).getSize() > appender);
        assertTrue(GrpcConfigKeys.messageSizeMax(properties, s -> {}).getSize() >= appender + (1 << 20));
        assertTrue(RaftServerConfigKeys.Write.byteLimit(properties).getSize() > 2 * appender);
        assertTrue(Log.segmentCacheSizeMax(properties).getSize() <= 64 << 20);
    }

    @Test
    void l2_aPeerThatCameBackIsTriedWithinMilliseconds() {
        RetryPolicy policy = RetryPolicy.parse(Log.Appender.retryPolicy(properties), Log.Appender.RETRY_POLICY_KEY);
        for (int attempt : new int[] {1, 10, 1000, 1_000_000}) {
            long millis =
                    policy.handleAttemptFailure(() -> attempt).getSleepTime().toLong(TimeUnit.MILLISECONDS);
            assertTrue(millis > 0 && millis <= 150, attempt + " -> " + millis);
        }
    }

    @Test
    void aPausedProcessDoesNotLoseItsRaftServer() {
        assertTrue(RaftServerConfigKeys.closeThreshold(properties).toLong(TimeUnit.HOURS) >= 1);
        assertTrue(RaftServerConfigKeys.LeaderElection.leaderStepDownWaitTime(properties)
                        .toLong(TimeUnit.MILLISECONDS)
                <= 2000);
    }
}

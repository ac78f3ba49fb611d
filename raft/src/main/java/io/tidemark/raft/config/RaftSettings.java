package io.tidemark.raft.config;

import static java.util.concurrent.TimeUnit.HOURS;
import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.tidemark.raft.guard.GuardedGrpc;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import org.apache.ratis.RaftConfigKeys;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.server.RaftServerConfigKeys.Log;
import org.apache.ratis.server.RaftServerConfigKeys.Read;
import org.apache.ratis.server.RaftServerConfigKeys.Rpc;
import org.apache.ratis.server.RaftServerConfigKeys.Snapshot;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/**
 * Every Ratis property that this project's safety or memory rests on, pinned in one place. Nothing here is an option:
 * several defaults of Ratis lose data (hazards R4, R6, R16), loop for ever (R11) or do not fit a small heap (rule E3).
 */
public final class RaftSettings {
    /** Greatest entry that Ratis writes, sends and reads back (rule E3). Never lowered: older logs would not be read. */
    public static final int APPENDER_BYTES = 20 << 20;

    /** A log file's nominal size; above the greatest entry, small enough for letting go to be prompt. */
    public static final int SEGMENT_BYTES = 24 << 20;

    /** How long Ratis lets a read wait until this node has applied what was agreed on. */
    public static final int READ_MILLIS = 5_000;

    /** Ratis wants the write buffer to hold a whole appender buffer and this much more. */
    private static final int WRITE_BUFFER_EXTRA_BYTES = 8;

    private static final int MESSAGE_EXTRA_BYTES = 1 << 20;
    private static final int CACHED_SEGMENTS = 1;
    private static final int CACHED_BYTES = 8 << 20;
    private static final int QUEUE_BYTES = 44 << 20;
    private static final int PENDING_BYTES = 64 << 20;
    private static final int OUTSTANDING_APPENDS = 4;

    private static final int ELECTION_MILLIS_MIN = 1000;
    private static final int ELECTION_MILLIS_MAX = 2000;
    private static final int FIRST_ELECTION_MILLIS_MIN = 400;
    private static final int FIRST_ELECTION_MILLIS_MAX = 900;
    private static final int STEP_DOWN_WAIT_MILLIS = 1500;
    private static final int REQUEST_MILLIS = 10_000;
    private static final int RETRY_CACHE_MILLIS = 5_000;
    private static final int STAGING_MILLIS = 15_000;

    private RaftSettings() {}

    /**
     * @param directory where Ratis keeps the groups of this node
     * @param address where its gRPC server listens
     */
    public static RaftProperties of(Path directory, InetSocketAddress address) {
        RaftProperties properties = new RaftProperties();
        properties.set(RaftConfigKeys.Rpc.TYPE_KEY, GuardedGrpc.class.getName());
        RaftServerConfigKeys.setStorageDir(properties, List.of(directory.toFile()));
        RaftServerConfigKeys.setRemovedGroupsDir(
                properties, directory.resolveSibling("removed").toFile());
        safety(properties);
        sizes(properties);
        times(properties);
        transport(properties, address);
        return properties;
    }

    private static void safety(RaftProperties properties) {
        // R4: both shortcuts answer before the bytes are on disk
        Log.setAsyncFlushEnabled(properties, false);
        Log.setUnsafeFlushEnabled(properties, false);
        Log.setUseMemory(properties, false);
        // R6: the other policy drops acknowledged entries with a warning
        Log.setCorruptionPolicy(properties, Log.CorruptionPolicy.EXCEPTION);
        // R16
        Read.setOption(properties, Read.Option.LINEARIZABLE);
        Read.setLeaderLeaseEnabled(properties, false);
        Read.setLeaderHeartbeatCheckEnabled(properties, true);
        RaftServerConfigKeys.LeaderElection.setPreVote(properties, true);
        RaftServerConfigKeys.LeaderElection.setMemberMajorityAdd(properties, false);
        // the log is let go by LogRetention alone, to the shipped mark; Ratis itself never takes a snapshot
        Snapshot.setAutoTriggerEnabled(properties, false);
        Snapshot.setTriggerWhenStopEnabled(properties, false);
        Snapshot.setTriggerWhenRemoveEnabled(properties, false);
        Log.setPurgeGap(properties, 1);
        Log.setPurgePreservationLogNum(properties, 0);
        Log.setPurgeUptoSnapshotIndex(properties, true);
        Log.Appender.setInstallSnapshotEnabled(properties, false);
        // an entry per commit would make a resting cluster write for ever (rule M3)
        Log.setLogMetadataEnabled(properties, false);
    }

    private static void sizes(RaftProperties properties) {
        Log.Appender.setBufferByteLimit(properties, SizeInBytes.valueOf(APPENDER_BYTES));
        Log.setWriteBufferSize(properties, SizeInBytes.valueOf(APPENDER_BYTES + WRITE_BUFFER_EXTRA_BYTES));
        Log.setSegmentSizeMax(properties, SizeInBytes.valueOf(SEGMENT_BYTES));
        Log.setSegmentCacheNumMax(properties, CACHED_SEGMENTS);
        Log.setSegmentCacheSizeMax(properties, SizeInBytes.valueOf(CACHED_BYTES));
        Log.setQueueByteLimit(properties, SizeInBytes.valueOf(QUEUE_BYTES));
        RaftServerConfigKeys.Write.setByteLimit(properties, SizeInBytes.valueOf(PENDING_BYTES));
        GrpcConfigKeys.setMessageSizeMax(properties, SizeInBytes.valueOf(APPENDER_BYTES + MESSAGE_EXTRA_BYTES));
        GrpcConfigKeys.Server.setLeaderOutstandingAppendsMax(properties, OUTSTANDING_APPENDS);
        RaftServerConfigKeys.RetryCache.setExpiryTime(properties, millis(RETRY_CACHE_MILLIS));
    }

    private static void times(RaftProperties properties) {
        Rpc.setTimeoutMin(properties, millis(ELECTION_MILLIS_MIN));
        Rpc.setTimeoutMax(properties, millis(ELECTION_MILLIS_MAX));
        Rpc.setFirstElectionTimeoutMin(properties, millis(FIRST_ELECTION_MILLIS_MIN));
        Rpc.setFirstElectionTimeoutMax(properties, millis(FIRST_ELECTION_MILLIS_MAX));
        Rpc.setRequestTimeout(properties, millis(REQUEST_MILLIS));
        Read.setTimeout(properties, millis(READ_MILLIS));
        RaftServerConfigKeys.LeaderElection.setLeaderStepDownWaitTime(properties, millis(STEP_DOWN_WAIT_MILLIS));
        RaftServerConfigKeys.setStagingTimeout(properties, millis(STAGING_MILLIS));
        // a paused process steps down; it must not close its Raft server behind our back
        RaftServerConfigKeys.setCloseThreshold(properties, TimeDuration.valueOf(24, HOURS));
        // the default waits up to 5 s for a peer that has long come back (rule L2)
        Log.Appender.setRetryPolicy(properties, "10ms,10, 100ms,1000000000");
        Log.Appender.setWaitTimeMin(properties, TimeDuration.ONE_MILLISECOND);
    }

    private static void transport(RaftProperties properties, InetSocketAddress address) {
        GrpcConfigKeys.Server.setHost(properties, address.getHostString());
        GrpcConfigKeys.Server.setPort(properties, address.getPort());
    }

    private static TimeDuration millis(int millis) {
        return TimeDuration.valueOf(millis, MILLISECONDS);
    }
}

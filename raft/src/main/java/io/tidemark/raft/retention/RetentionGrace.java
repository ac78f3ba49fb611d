package io.tidemark.raft.retention;

import io.tidemark.raft.guard.RaftFiles;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * Keeps closed log files for a moment after S3 has them, for a node that is just coming back from S3.
 *
 * <p>Such a node replays up to the shipped mark and then wants the entry after it from the leader's log. Without a moment's
 * grace a busy leader has let go of that entry by then, the node replays again, and so on for as long as writes come. The
 * grace is longer for files that a follower known to the leader still needs, and it is bounded in bytes and in entries
 * (each takes some 300 B of heap): past that the oldest file goes first. It moves files only, never a mark.
 *
 * <p>Not thread-safe.
 */
final class RetentionGrace {
    private final Limits limits;
    private final LongSupplier nanoClock;
    private final Map<Long, Long> shippedSince = new HashMap<>();

    /**
     * @param hold how long a file stays after its last entry was first seen to be shipped
     * @param holdNeeded the same for a file that a follower still needs
     * @param bytesMax files so kept never exceed this
     * @param entriesMax nor their entries this
     */
    record Limits(Duration hold, Duration holdNeeded, long bytesMax, long entriesMax) {}

    RetentionGrace(Limits limits, LongSupplier nanoClock) {
        this.limits = limits;
        this.nanoClock = nanoClock;
    }

    /**
     * The last index of the newest file that may go now, -1 if none may.
     *
     * @param closed all closed files, in order
     * @param mark entries up to here need not be kept
     * @param followers the slowest follower has entries up to here; {@link Long#MAX_VALUE} when none is known
     */
    long mayGo(List<RaftFiles.Segment> closed, long mark, long followers) {
        List<RaftFiles.Segment> shipped =
                closed.stream().filter(file -> file.last() <= mark).toList();
        Set<Long> present = shipped.stream().map(RaftFiles.Segment::last).collect(Collectors.toSet());
        shippedSince.keySet().retainAll(present);
        long now = nanoClock.getAsLong();
        shipped.forEach(file -> shippedSince.putIfAbsent(file.last(), now));
        long bytes = shipped.stream().mapToLong(RaftFiles.Segment::bytes).sum();
        long entries = shipped.stream().mapToLong(RetentionGrace::entries).sum();
        long last = -1;
        for (RaftFiles.Segment file : shipped) {
            long age = now - shippedSince.get(file.last());
            Duration hold = file.last() > followers ? limits.holdNeeded() : limits.hold();
            if (bytes <= limits.bytesMax() && entries <= limits.entriesMax() && age < hold.toNanos()) {
                break;
            }
            last = file.last();
            bytes -= file.bytes();
            entries -= entries(file);
        }
        return last;
    }

    private static long entries(RaftFiles.Segment file) {
        return file.last() - file.first() + 1;
    }
}

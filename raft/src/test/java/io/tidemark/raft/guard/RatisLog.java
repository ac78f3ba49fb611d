package io.tidemark.raft.guard;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.StateMachineLogEntryProto;
import org.apache.ratis.server.RaftServerConfigKeys.Log.CorruptionPolicy;
import org.apache.ratis.server.raftlog.LogProtoUtils;
import org.apache.ratis.server.raftlog.segmented.LogSegment;
import org.apache.ratis.server.raftlog.segmented.LogSegmentPath;
import org.apache.ratis.server.raftlog.segmented.SegmentedRaftLogOutputStream;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.util.SizeInBytes;

/** Log files written and read by Ratis' own code. */
final class RatisLog {
    static final int ENTRY_BYTES_MAX = 1 << 16;
    static final UUID GROUP = UUID.fromString("00000000-0000-0000-0000-000000000001");
    final RaftFiles files;
    final Path current;

    RatisLog(Path dir) {
        this.files = new RaftFiles(dir.resolve("raft"), GROUP);
        this.current = dir.resolve("raft").resolve(GROUP.toString()).resolve("current");
        try {
            Files.createDirectories(current);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static LogEntryProto entry(long term, long index, int bytes) {
        return LogEntryProto.newBuilder()
                .setTerm(term)
                .setIndex(index)
                .setStateMachineLogEntry(
                        StateMachineLogEntryProto.newBuilder().setLogData(ByteString.copyFrom(new byte[bytes])))
                .build();
    }

    /** Writes a file; the offsets at which its entries end, the first of them the header's. */
    List<Long> write(String name, long term, long first, long last, int preallocated) {
        Path path = current.resolve(name);
        List<Long> ends = new ArrayList<>(List.of(8L));
        try (SegmentedRaftLogOutputStream out = new SegmentedRaftLogOutputStream(
                path.toFile(), false, 1 << 20, preallocated, ByteBuffer.allocateDirect(ENTRY_BYTES_MAX))) {
            for (long index = first; index <= last; index++) {
                LogEntryProto entry = entry(term, index, (int) (index % 7) * 5);
                out.write(entry);
                int bytes = entry.getSerializedSize();
                ends.add(ends.get(ends.size() - 1) + bytes + (bytes < 128 ? 1 : 2) + 4);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return ends;
    }

    /** Entries that Ratis reads from a file without complaint; -1 when it complains. */
    static int entriesToRatis(Path path) {
        try {
            return LogSegment.readSegmentFile(
                    path.toFile(),
                    LogSegmentPath.matchLogSegment(path).getStartEnd(),
                    SizeInBytes.valueOf(ENTRY_BYTES_MAX),
                    CorruptionPolicy.EXCEPTION,
                    null,
                    entry -> LogProtoUtils.toLogEntryString(entry));
        } catch (IOException | RuntimeException e) {
            return -1;
        }
    }
}

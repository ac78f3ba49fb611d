package io.tidemark.raft.machine;

import io.tidemark.engine.log.EntryKind;
import io.tidemark.engine.log.LogEntry;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;

/** Ratis' entries in the form that the engine and the segments know. */
public final class LogEntries {
    private LogEntries() {}

    /** The payload is a copy: it outlives Ratis' buffers (hazard R15). */
    public static LogEntry of(LogEntryProto proto) {
        return switch (proto.getLogEntryBodyCase()) {
            case STATEMACHINELOGENTRY ->
                entry(
                        proto,
                        EntryKind.COMMANDS,
                        proto.getStateMachineLogEntry().getLogData().toByteArray());
            case CONFIGURATIONENTRY ->
                entry(
                        proto,
                        EntryKind.CONFIGURATION,
                        proto.getConfigurationEntry().toByteArray());
            case METADATAENTRY ->
                entry(proto, EntryKind.METADATA, proto.getMetadataEntry().toByteArray());
            case LOGENTRYBODY_NOT_SET -> throw new IllegalStateException("a log entry without a body: " + proto);
        };
    }

    private static LogEntry entry(LogEntryProto proto, EntryKind kind, byte[] payload) {
        return new LogEntry(proto.getIndex(), proto.getTerm(), kind, payload);
    }
}

package io.tidemark.engine.log;

import java.util.List;

/**
 * The payload of a {@link EntryKind#COMMANDS} log entry.
 *
 * @param timeMillis the leader's wall clock when it made the entry; the log's time is the maximum so far (rule E7)
 * @param commands at least one, applied in order
 */
public record Entry(long timeMillis, List<Command> commands) {
    public Entry {
        commands = List.copyOf(commands);
    }

    /** True when no client asked for any of it (rule M3). */
    public boolean isBookkeeping() {
        return commands.stream().allMatch(c -> c.operation().isBookkeeping());
    }
}

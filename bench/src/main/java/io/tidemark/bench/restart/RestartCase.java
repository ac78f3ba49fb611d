package io.tidemark.bench.restart;

import io.tidemark.bench.peer.Memory;
import io.tidemark.bench.peer.TidemarkPeer;
import io.tidemark.engine.EngineOptions;
import java.nio.file.Path;
import java.util.List;

/**
 * A store to come back to.
 *
 * @param directory of the store and of what is noted about it
 * @param dataBytes keys and values in it
 * @param valueBytes length of a value
 * @param walBytes WAL written since the last checkpoint; 0 when the kill follows the checkpoint
 * @param memory of the pool
 */
public record RestartCase(Path directory, long dataBytes, int valueBytes, long walBytes, Memory memory) {
    /** So that no cleaner writes a page before the WAL is as long as it should be. */
    private static final int REDO_ROOM = 4;

    int records() {
        return Math.toIntExact(dataBytes / (16 + valueBytes));
    }

    Path store() {
        return directory.resolve("store");
    }

    Path expected() {
        return directory.resolve("expected");
    }

    EngineOptions options() {
        return TidemarkPeer.options(memory, Math.max(EngineOptions.defaults().redoBytesMax(), REDO_ROOM * walBytes));
    }

    /** As arguments of a command. */
    public List<String> arguments() {
        return List.of(
                directory.toString(),
                Long.toString(dataBytes),
                Integer.toString(valueBytes),
                Long.toString(walBytes),
                Long.toString(memory.bytes()));
    }

    /** From arguments of a command. */
    public static RestartCase parse(List<String> arguments) {
        return new RestartCase(
                Path.of(arguments.get(0)),
                Long.parseLong(arguments.get(1)),
                Integer.parseInt(arguments.get(2)),
                Long.parseLong(arguments.get(3)),
                new Memory(Long.parseLong(arguments.get(4))));
    }
}

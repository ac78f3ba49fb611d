package io.tidemark.engine.standalone;

import io.tidemark.engine.log.Command;
import io.tidemark.engine.log.Operation;
import io.tidemark.engine.log.Precondition;
import java.util.ArrayList;
import java.util.List;

/**
 * Changes that {@link Store#write} makes together, in their order. Arrays are not copied: leave them alone until it is
 * written. Used by one thread at a time; may be cleared and used again.
 */
public final class WriteBatch {
    private final List<Command> commands = new ArrayList<>();

    /** Sets a key. */
    public WriteBatch put(String keyspace, byte[] key, byte[] value) {
        commands.add(Command.of(new Operation.Put(keyspace, key, value, Precondition.NONE)));
        return this;
    }

    /** Removes a key, whether it is there or not. */
    public WriteBatch delete(String keyspace, byte[] key) {
        commands.add(Command.of(new Operation.Delete(keyspace, key, Precondition.NONE)));
        return this;
    }

    /** Number of changes. */
    public int size() {
        return commands.size();
    }

    public void clear() {
        commands.clear();
    }

    List<Command> commands() {
        return commands;
    }
}

package io.tidemark.raft.batch;

import io.tidemark.engine.log.Command;
import io.tidemark.engine.log.EntryCodec;
import io.tidemark.engine.log.Reply;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * One caller's commands and the replies that have come for them; its commands may travel in several entries. Guarded by
 * the batcher's lock until complete.
 */
final class Ticket {
    final List<Command> commands;
    final long bytes;
    final CompletableFuture<List<Reply>> future = new CompletableFuture<>();
    private final Reply[] replies;
    private int missing;
    private int taken;

    Ticket(List<Command> commands, long bytes) {
        this.commands = commands;
        this.bytes = bytes;
        this.replies = new Reply[commands.size()];
        this.missing = replies.length;
    }

    /** The next command not yet in an entry, null when all are. */
    Command peek() {
        return taken == commands.size() ? null : commands.get(taken);
    }

    /** How many commands are in entries already. */
    int taken() {
        return taken;
    }

    /** The commands not yet in an entry will be in none; their bytes. */
    long dropRest() {
        long dropped = commands.subList(taken, commands.size()).stream()
                .mapToLong(EntryCodec::encodedBytes)
                .sum();
        taken = commands.size();
        return dropped;
    }

    /** Position of the command taken. */
    int take() {
        return taken++;
    }

    /** True when this was the last one missing. */
    synchronized boolean answer(int position, Reply reply) {
        replies[position] = reply;
        return --missing == 0;
    }

    synchronized List<Reply> replies() {
        return List.copyOf(Arrays.asList(replies));
    }
}

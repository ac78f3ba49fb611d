package io.tidemark.raft.batch;

import com.codahale.metrics.Histogram;
import com.codahale.metrics.MetricRegistry;
import io.tidemark.engine.EntryCost;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.log.Command;
import io.tidemark.engine.log.Entry;
import io.tidemark.engine.log.EntryCodec;
import io.tidemark.engine.log.EntryLimits;
import io.tidemark.engine.log.Reply;
import io.tidemark.raft.machine.Proposal;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Joins concurrent writes into entries, by natural batching: an idle cluster takes a write at once, and what arrives
 * while entries are in flight goes into the next one. Closed unless this node leads.
 *
 * <p>Threads: any thread submits; one thread of its own proposes, so that entries enter the log in order of arrival;
 * callers' futures complete on the executor given.
 */
public final class WriteBatcher implements AutoCloseable {
    private final BatchOptions options;
    private final Admission admission;
    private final EntryProposer proposer;
    private final Clock clock;
    private final Executor repliesTo;
    private final Histogram commandsPerEntry;
    private final Thread thread;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition work = lock.newCondition();
    private final Deque<Ticket> queue = new ArrayDeque<>();
    private long queuedBytes;
    private int entriesInFlight;
    private long bytesInFlight;
    private Supplier<? extends TidemarkException> refusal;
    private boolean ended;

    /** @param refusal what to answer until {@link #open} */
    public WriteBatcher(
            String name,
            BatchOptions options,
            Admission admission,
            EntryProposer proposer,
            Clock clock,
            Executor repliesTo,
            MetricRegistry metrics,
            Supplier<? extends TidemarkException> refusal) {
        this.options = options;
        this.admission = admission;
        this.proposer = proposer;
        this.clock = clock;
        this.repliesTo = repliesTo;
        this.refusal = refusal;
        this.commandsPerEntry = metrics.histogram("raft.batch.commands");
        this.thread = new Thread(this::run, "tidemark-batcher-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Takes writes from now on: this node leads, and its history has begun. */
    public void open() {
        locked(() -> {
            refusal = null;
            work.signalAll();
        });
    }

    /** Refuses writes from now on, and fails those not yet proposed: nothing happened to them. */
    public void close(Supplier<? extends TidemarkException> why) {
        List<Ticket> dropped = new ArrayList<>();
        locked(() -> {
            refusal = why;
            dropped.addAll(queue);
            queue.clear();
            queuedBytes = 0;
            work.signalAll();
        });
        dropped.forEach(ticket -> fail(ticket, ticket.taken() > 0 ? unknown(why.get()) : why.get()));
    }

    /** Whether {@link #submit} refuses whatever comes. */
    boolean isClosed() {
        lock.lock();
        try {
            return refusal != null;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Completes with one reply per command, in order. Fails with {@code INVALID} for a command that no entry may carry,
     * {@link LimitException} past a limit, the refusal given when closed; {@code OUTCOME_UNKNOWN} when leadership was
     * lost with the entry under way, or when one of several entries was refused.
     */
    public CompletableFuture<List<Reply>> submit(List<Command> commands) {
        long bytes = 0;
        try {
            for (Command command : commands) {
                EntryLimits.check(command);
                bytes += EntryCodec.encodedBytes(command);
            }
        } catch (TidemarkException e) {
            return CompletableFuture.failedFuture(e);
        }
        if (commands.isEmpty()) {
            return CompletableFuture.completedFuture(List.of());
        }
        Ticket ticket = new Ticket(List.copyOf(commands), bytes);
        lock.lock();
        try {
            if (refusal != null) {
                return CompletableFuture.failedFuture(refusal.get());
            }
            if (queuedBytes > 0 && queuedBytes + bytes > options.queuedBytes()) {
                return CompletableFuture.failedFuture(new LimitException(
                        queuedBytes + " bytes of writes are waiting, the limit is " + options.queuedBytes()
                                + ": try again in a moment",
                        true));
            }
            admission.judge();
            queue.add(ticket);
            queuedBytes += bytes;
            work.signalAll();
        } catch (LimitException e) {
            return CompletableFuture.failedFuture(e);
        } finally {
            lock.unlock();
        }
        return ticket.future;
    }

    private void run() {
        while (true) {
            Batch batch;
            lock.lock();
            try {
                if (!awaitWork()) {
                    return;
                }
                batch = next();
                entriesInFlight++;
                bytesInFlight += batch.bytes;
            } finally {
                lock.unlock();
            }
            propose(batch);
        }
    }

    /** Waits until something is queued and may go; false at the end. Holds the lock. */
    private boolean awaitWork() {
        boolean lingered = false;
        while (true) {
            if (ended) {
                return false;
            }
            boolean slots = entriesInFlight < options.entriesInFlight() && bytesInFlight < options.bytesInFlight();
            if (queue.isEmpty() || !slots) {
                work.awaitUninterruptibly();
            } else if (!lingered && slow() && queuedBytes < options.entryBytes()) {
                lingered = true;
                linger();
            } else {
                return true;
            }
        }
    }

    private boolean slow() {
        try {
            return admission.judge() == Admission.Verdict.SLOW;
        } catch (LimitException e) {
            return true; // what was admitted before the limit still goes
        }
    }

    private void linger() {
        long nanos = TimeUnit.MILLISECONDS.toNanos(options.lingerMillis());
        try {
            while (nanos > 0 && !ended && queuedBytes < options.entryBytes()) {
                nanos = work.awaitNanos(nanos);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            ended = true;
        }
    }

    /** The commands of one entry, taken from the queue in order. Holds the lock. */
    private Batch next() {
        Batch batch = new Batch();
        long pages = EntryCost.OVERHEAD_PAGES;
        while (!queue.isEmpty()) {
            Ticket ticket = queue.peek();
            Command command = ticket.peek();
            int bytes = EntryCodec.encodedBytes(command);
            int commandPages = EntryCost.pagesFor(command, options.pageBytes());
            boolean fits = batch.bytes + bytes <= options.entryBytes()
                    && pages + commandPages <= options.entryPages()
                    && batch.commands.size() < EntryLimits.COMMANDS_MAX;
            if (!fits && !batch.commands.isEmpty()) {
                break;
            }
            batch.add(ticket, command, bytes);
            pages += commandPages;
            queuedBytes -= bytes;
            if (ticket.peek() == null) {
                queue.remove();
            }
        }
        return batch;
    }

    private void propose(Batch batch) {
        commandsPerEntry.update(batch.commands.size());
        Proposal proposal = new Proposal(new Entry(clock.millis(), batch.commands));
        proposal.replies().whenComplete((replies, failure) -> finished(batch, proposal, replies, failure));
        proposer.propose(proposal);
    }

    /** Runs on the applying thread: makes room and hands the replies over. */
    private void finished(Batch batch, Proposal proposal, List<Reply> replies, Throwable failure) {
        Set<Ticket> partly = new HashSet<>();
        locked(() -> {
            entriesInFlight--;
            bytesInFlight -= batch.bytes;
            if (failure != null) {
                batch.addPartlyElsewhere(partly);
                dropRest(batch.last());
            }
            work.signalAll();
        });
        repliesTo.execute(() -> {
            if (failure == null) {
                batch.answer(replies);
            } else {
                TidemarkException told = failure instanceof TidemarkException known
                        ? known
                        : new TidemarkException(ErrorKind.RETRY, "the entry was not taken: " + failure, failure);
                batch.fail(ticket -> proposal.appended() || partly.contains(ticket) ? unknown(told) : told);
            }
        });
    }

    /** What is still queued of a caller who is told of a failure must not happen later. Holds the lock. */
    private void dropRest(Ticket ticket) {
        if (ticket.peek() != null) {
            queue.remove(ticket);
            queuedBytes -= ticket.dropRest();
        }
    }

    private static TidemarkException unknown(TidemarkException why) {
        return new TidemarkException(
                ErrorKind.OUTCOME_UNKNOWN,
                "the write is in the log of a node that stopped leading, and may or may not be applied: with a session,"
                        + " ask again; without one, read (" + why.getMessage() + ")",
                why);
    }

    private static void fail(Ticket ticket, TidemarkException why) {
        ticket.future.completeExceptionally(why);
    }

    private void locked(Runnable action) {
        lock.lock();
        try {
            action.run();
        } finally {
            lock.unlock();
        }
    }

    /** Fails what is waiting and ends the thread. */
    @Override
    public void close() {
        close(() -> new TidemarkException(ErrorKind.UNAVAILABLE, "the node is shutting down"));
        locked(() -> {
            ended = true;
            work.signalAll();
        });
    }

    /** Commands of one entry, and whose they are. */
    private static final class Batch {
        final List<Command> commands = new ArrayList<>();
        private final List<Ticket> tickets = new ArrayList<>();
        private final List<Integer> positions = new ArrayList<>();
        long bytes;

        void add(Ticket ticket, Command command, int commandBytes) {
            commands.add(command);
            tickets.add(ticket);
            positions.add(ticket.take());
            bytes += commandBytes;
        }

        void answer(List<Reply> replies) {
            if (replies.size() != commands.size()) {
                fail(ticket -> new TidemarkException(
                        ErrorKind.OUTCOME_UNKNOWN,
                        replies.size() + " replies came for " + commands.size() + " commands"));
                return;
            }
            for (int i = 0; i < replies.size(); i++) {
                Ticket ticket = tickets.get(i);
                if (ticket.answer(positions.get(i), replies.get(i))) {
                    ticket.future.complete(ticket.replies());
                }
            }
        }

        void fail(Function<Ticket, TidemarkException> why) {
            tickets.forEach(ticket -> WriteBatcher.fail(ticket, why.apply(ticket)));
        }

        Ticket last() {
            return tickets.get(tickets.size() - 1);
        }

        /**
         * Callers with commands in other entries, which may have been applied. Entries are filled in order, so there can be
         * one who began before this entry, and one who goes on behind it.
         */
        void addPartlyElsewhere(Set<Ticket> partly) {
            if (positions.get(0) > 0) {
                partly.add(tickets.get(0));
            }
            if (last().taken() > positions.get(positions.size() - 1) + 1) {
                partly.add(last());
            }
        }
    }
}

package io.tidemark.raft.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.codahale.metrics.MetricRegistry;
import io.tidemark.engine.EntryCost;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.log.Command;
import io.tidemark.engine.log.Operation;
import io.tidemark.engine.log.Precondition;
import io.tidemark.engine.log.Reply;
import io.tidemark.engine.log.Version;
import io.tidemark.raft.NotLeaderException;
import io.tidemark.raft.machine.Proposal;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class WriteBatcherTest {
    private final BlockingQueue<Proposal> proposed = new LinkedBlockingQueue<>();
    private volatile long unshipped;
    private volatile long unpurged;
    private volatile long free = 1000;
    private WriteBatcher batcher = batcher(new BatchOptions(1 << 20, 2048, 16 << 10, 1, 4 << 20, 8 << 20, 20));

    private WriteBatcher batcher(BatchOptions options) {
        WriteBatcher made = new WriteBatcher(
                "test",
                options,
                new Admission(
                        new AdmissionLimits(100, 200, 1000, 2000, 500), () -> unshipped, () -> unpurged, () -> free),
                proposed::add,
                Clock.systemUTC(),
                Runnable::run,
                new MetricRegistry(),
                () -> new NotLeaderException("n1-1", "n2", "localhost:1"));
        made.open();
        return made;
    }

    @AfterEach
    void close() {
        batcher.close();
    }

    @Test
    void aWriteGoesAtOnceWhenNothingIsInFlight() throws Exception {
        CompletableFuture<List<Reply>> reply = batcher.submit(List.of(put(10)));
        Proposal proposal = next();
        assertEquals(1, proposal.entry().commands().size());
        assertFalse(reply.isDone());
        answer(proposal, 7);
        assertEquals(new Version(7, 0), reply.join().get(0).version());
    }

    @Test
    void writesThatArriveWhileAnEntryIsInFlightTravelTogether() throws Exception {
        batcher.submit(List.of(put(10)));
        Proposal first = next();
        List<CompletableFuture<List<Reply>>> replies = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            replies.add(batcher.submit(List.of(put(10), put(20))));
        }
        assertTrue(proposed.isEmpty());
        answer(first, 7);
        Proposal second = next();
        assertEquals(20, second.entry().commands().size());
        answer(second, 8);
        assertEquals(new Version(8, 5), replies.get(2).join().get(1).version());
    }

    @Test
    void e3_aLargeValueTravelsAlone() throws Exception {
        batcher.submit(List.of(put(10)));
        Proposal first = next();
        batcher.submit(List.of(put(10)));
        batcher.submit(List.of(put(3 << 20)));
        batcher.submit(List.of(put(10)));
        answer(first, 1);
        for (int lsn = 2; lsn < 5; lsn++) {
            Proposal proposal = next();
            assertEquals(1, proposal.entry().commands().size());
            answer(proposal, lsn);
        }
    }

    @Test
    void e2_anEntryNeverCostsMorePagesThanTheStoreAllows() throws Exception {
        batcher.submit(List.of(put(10)));
        Proposal first = next();
        List<Command> many = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            many.add(put(10));
        }
        CompletableFuture<List<Reply>> reply = batcher.submit(many);
        answer(first, 1);
        for (int lsn = 2; !reply.isDone(); lsn++) {
            Proposal proposal = next();
            assertTrue(EntryCost.pagesFor(proposal.entry(), 16 << 10) <= 2048);
            answer(proposal, lsn);
        }
        assertEquals(1000, reply.join().size());
    }

    @Test
    void m5_pastAHardLimitWritesAreRefusedAndSaySo() {
        unshipped = 200;
        assertLimit("bytes wait for S3", false);
        unshipped = 0;
        unpurged = 2000;
        assertLimit("entries are in the Raft log", false);
        unpurged = 0;
        free = 499;
        assertLimit("the disk has 499 bytes left", false);
        free = 500;
        assertFalse(batcher.submit(List.of(put(1))).isDone());
    }

    @Test
    void m5_pastASoftLimitWritesWaitForCompany() throws Exception {
        batcher.close();
        batcher = batcher(new BatchOptions(1 << 20, 2048, 16 << 10, 4, 4 << 20, 8 << 20, 60_000));
        unshipped = 100;
        batcher.submit(List.of(put(10)));
        assertEquals(null, proposed.poll(100, TimeUnit.MILLISECONDS));
        batcher.submit(List.of(put(1 << 20)));
        assertEquals(1, next().entry().commands().size());
    }

    @Test
    void aFullQueueRefusesForTheMoment() throws Exception {
        batcher.submit(List.of(put(10)));
        Proposal first = next();
        batcher.submit(List.of(put(5 << 20)));
        assertLimit("are waiting", true, 4 << 20);
        assertFalse(first.replies().isDone());
    }

    @Test
    void e9_anEntryInALogThatLostItsLeaderHasAnUnknownOutcome() throws Exception {
        CompletableFuture<List<Reply>> reply = batcher.submit(List.of(put(10)));
        Proposal proposal = next();
        proposal.markAppended();
        proposal.replies().completeExceptionally(new NotLeaderException("n1-1", "n2", "localhost:1"));
        assertEquals(ErrorKind.OUTCOME_UNKNOWN, failure(reply).kind());
    }

    @Test
    void e9_anEntryThatIsInNoLogMayBeSentAgain() throws Exception {
        CompletableFuture<List<Reply>> reply = batcher.submit(List.of(put(10)));
        Proposal proposal = next();
        refuse(proposal);
        assertInstanceOf(NotLeaderException.class, failure(reply));
    }

    @Test
    void e9_aBatchInSeveralEntriesOfWhichOneIsRefusedMayHaveBeenApplied() throws Exception {
        CompletableFuture<List<Reply>> first = batcher.submit(puts(1000));
        Proposal applied = next();
        CompletableFuture<List<Reply>> behind = batcher.submit(List.of(put(10)));
        answer(applied, 1);
        refuse(next());
        assertEquals(ErrorKind.OUTCOME_UNKNOWN, failure(first).kind(), "a part of it was applied");
        Proposal last = next();
        assertEquals(1, last.entry().commands().size(), "the rest of what has failed is not proposed");
        answer(last, 3);
        assertEquals(1, behind.join().size());
        CompletableFuture<List<Reply>> again = batcher.submit(List.of(put(4 << 20), put(4 << 20)));
        assertFalse(again.isDone(), "what was dropped takes no room");
    }

    @Test
    void e9_aBatchWhoseFirstEntryIsRefusedIsNotApplied() throws Exception {
        CompletableFuture<List<Reply>> first = batcher.submit(puts(1000));
        refuse(next());
        assertInstanceOf(NotLeaderException.class, failure(first));
        CompletableFuture<List<Reply>> behind = batcher.submit(List.of(put(10)));
        answer(next(), 1);
        assertEquals(1, behind.join().size());
    }

    private static List<Command> puts(int count) {
        return Collections.nCopies(count, put(10));
    }

    private static void refuse(Proposal proposal) {
        proposal.replies().completeExceptionally(new NotLeaderException("n1-1", "n2", "localhost:1"));
    }

    @Test
    void closedItRefusesWithTheLeadersAddressAndFailsWhatWaits() throws Exception {
        batcher.submit(List.of(put(10)));
        next();
        CompletableFuture<List<Reply>> waiting = batcher.submit(List.of(put(10)));
        batcher.close(() -> new NotLeaderException("n1-1", "n2", "localhost:1"));
        assertEquals("localhost:1", ((NotLeaderException) failure(waiting)).leaderHttp());
        assertEquals("n2", ((NotLeaderException) failure(batcher.submit(List.of(put(10))))).leader());
    }

    @Test
    void whatNoEntryMayCarryIsRefusedBeforeItIsQueued() {
        assertEquals(
                ErrorKind.INVALID,
                failure(batcher.submit(List.of(put((16 << 20) + 1)))).kind());
    }

    private void assertLimit(String message, boolean momentary) {
        assertLimit(message, momentary, 1);
    }

    private void assertLimit(String message, boolean momentary, int bytes) {
        LimitException limit = (LimitException) failure(batcher.submit(List.of(put(bytes))));
        assertTrue(limit.getMessage().contains(message), limit.getMessage());
        assertEquals(momentary, limit.momentary());
    }

    private static TidemarkException failure(CompletableFuture<?> future) {
        return (TidemarkException)
                assertThrows(CompletionException.class, future::join).getCause();
    }

    private Proposal next() throws InterruptedException {
        Proposal proposal = proposed.poll(10, TimeUnit.SECONDS);
        if (proposal == null) {
            throw new AssertionError("nothing was proposed");
        }
        return proposal;
    }

    private static void answer(Proposal proposal, long lsn) {
        List<Reply> replies = new ArrayList<>();
        for (int i = 0; i < proposal.entry().commands().size(); i++) {
            replies.add(Reply.of(Reply.Status.OK, new Version(lsn, i)));
        }
        proposal.replies().complete(replies);
    }

    private static Command put(int bytes) {
        return Command.of(new Operation.Put("t", new byte[] {1}, new byte[bytes], Precondition.NONE));
    }
}

package io.tidemark.raft.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.log.Command;
import io.tidemark.engine.log.EntryKind;
import io.tidemark.engine.log.LogEntry;
import io.tidemark.engine.log.Operation.Delete;
import io.tidemark.engine.log.Precondition;
import io.tidemark.raft.machine.StubEngine;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ComingEntriesTest {
    private final Engine engine = new Engine();
    private final ComingEntries coming = new ComingEntries("n1", engine, ComingEntriesTest::commands);

    @AfterEach
    void close() {
        engine.may.countDown();
        coming.close();
    }

    @Test
    void ct1_thePagesOfSeveralEntriesAreFetchedAtOnceBeforeTheFirstIsApplied() throws Exception {
        for (int lsn = 0; lsn < ComingEntries.THREADS; lsn++) {
            coming.appended(lsn);
        }
        engine.begun.acquire(ComingEntries.THREADS);
        assertEquals(ComingEntries.THREADS, engine.fetched.size());
    }

    @Test
    void ct1_fetchingStaysCloseToWhatIsApplied() throws Exception {
        engine.may.countDown();
        coming.appended(1000);
        engine.begun.acquire(ComingEntries.AHEAD_MAX);
        apply(0);
        engine.begun.acquire();
        assertTrue(engine.fetched.stream().allMatch(lsn -> lsn <= ComingEntries.AHEAD_MAX), engine.fetched.toString());
        assertEquals(0, engine.begun.availablePermits());
    }

    @Test
    void anEntryThatTakesAnothersPlaceInTheLogIsLookedAtAnew() throws Exception {
        engine.may.countDown();
        coming.appended(5);
        engine.begun.acquire(6);
        coming.appended(3);
        engine.begun.acquire();
        assertEquals(Set.of(0L, 1L, 2L, 3L, 4L, 5L), engine.fetched);
    }

    @Test
    void whatCannotBeHadIsLeftToApplying() throws Exception {
        engine.may.countDown();
        engine.away = true;
        coming.appended(1);
        engine.begun.acquire(2);
        engine.away = false;
        apply(0);
        coming.appended(2);
        engine.begun.acquire();
        assertTrue(engine.fetched.contains(2L));
    }

    @Test
    void whereAllPagesAreHereNobodyReadsTheLog() throws Exception {
        engine.may.countDown();
        engine.cold = 0;
        coming.appended(7);
        engine.cold = 1;
        coming.appended(8);
        engine.begun.acquire();
        assertEquals(Set.of(8L), engine.fetched);
    }

    private void apply(long lsn) {
        engine.apply(new LogEntry(lsn, 1, EntryKind.COMMANDS, new byte[0]));
        coming.applied();
    }

    private static List<Command> commands(long lsn) {
        byte[] key = ByteBuffer.allocate(Long.BYTES).putLong(lsn).array();
        return List.of(Command.of(new Delete("default", key, Precondition.NONE)));
    }

    /** Notes whose pages were fetched, and lets nobody through before it may. */
    private static final class Engine extends StubEngine {
        final Set<Long> fetched = ConcurrentHashMap.newKeySet();
        final Semaphore begun = new Semaphore(0);
        final CountDownLatch may = new CountDownLatch(1);
        volatile long cold = 1;
        volatile boolean away;

        Engine() {
            super(-1, 1);
        }

        @Override
        public Tier tier() {
            return new Tier(0, cold, 0, 0, 1, null);
        }

        @Override
        public void fetch(List<Command> commands) {
            Delete delete = (Delete) commands.get(0).operation();
            fetched.add(ByteBuffer.wrap(delete.key()).getLong());
            begun.release();
            try {
                may.await(30, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            if (away) {
                throw new TidemarkException(ErrorKind.UNAVAILABLE, "S3 is away");
            }
        }
    }
}

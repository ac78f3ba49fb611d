package io.tidemark.shipper.tier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class TierWorkTest {
    private final TierRig rig = TierRig.withCopies(3);
    private final TierWork work = new TierWork(rig.tiers);

    @AfterEach
    void close() {
        work.close();
    }

    /** As when S3 does not answer and somebody polls: what is asked for by hand stands behind one listing, not behind all. */
    @Test
    void whoeverAsksWhileSegmentsAreListedWaitsForThatListing() {
        rig.ship(1);
        work.refreshTo(1).join();
        int before = rig.s3.requests();
        work.refreshTo(2).join();
        int once = rig.s3.requests() - before;
        assertTrue(once > 0);

        CountDownLatch busy = new CountDownLatch(1);
        work.submit(tiers -> {
            try {
                busy.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return null;
        });
        List<CompletableFuture<Void>> asked =
                LongStream.range(3, 23).mapToObj(work::refreshTo).toList();
        asked.get(0).complete(null); // who is tired of waiting does not end it for the others
        before = rig.s3.requests();
        busy.countDown();
        asked.forEach(CompletableFuture::join);
        assertEquals(once, rig.s3.requests() - before);
        work.refreshTo(30).join();
        assertEquals(2 * once, rig.s3.requests() - before, "the next one looks again");
    }
}

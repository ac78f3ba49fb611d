package io.tidemark.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class BatchQueueTest {
    private final List<List<Integer>> sent = new ArrayList<>();
    private final List<CompletableFuture<Void>> lanes = new ArrayList<>();
    private boolean open = true;

    private final BatchQueue<Integer> queue = new BatchQueue<>(2, new BatchQueue.Cutter<>() {
        @Override
        public List<Integer> cut(Deque<Integer> waiting) {
            List<Integer> batch = new ArrayList<>();
            while (open && !waiting.isEmpty() && batch.size() < 3) {
                batch.add(waiting.remove());
            }
            return batch;
        }

        @Override
        public CompletableFuture<Void> send(List<Integer> batch) {
            sent.add(batch);
            lanes.add(new CompletableFuture<>());
            return lanes.get(lanes.size() - 1);
        }
    });

    @Test
    void onAnIdleQueueNothingWaits() {
        queue.add(1);
        queue.add(2);
        assertEquals(List.of(List.of(1), List.of(2)), sent);
    }

    @Test
    void whatArrivesMeanwhileLeavesTogether() {
        for (int i = 1; i <= 7; i++) {
            queue.add(i);
        }
        assertEquals(2, sent.size());
        lanes.get(1).complete(null);
        assertEquals(List.of(3, 4, 5), sent.get(2));
        lanes.get(0).complete(null);
        assertEquals(List.of(6, 7), sent.get(3));
    }

    @Test
    void whatCannotLeaveWaitsUntilItIsLookedAtAgain() {
        open = false;
        queue.add(1);
        queue.add(2);
        assertEquals(List.of(), sent);
        open = true;
        queue.flow();
        assertEquals(List.of(List.of(1, 2)), sent);
    }

    @Test
    void whoHasWaitedTooLongIsTakenFromTheHead() {
        open = false;
        queue.add(1);
        queue.add(2);
        queue.add(3);
        assertEquals(List.of(1, 2), queue.removeHead(i -> i < 3));
        open = true;
        queue.flow();
        assertEquals(List.of(List.of(3)), sent);
    }
}

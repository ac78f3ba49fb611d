package io.tidemark.jepsen.workload;

import io.tidemark.client.GetResult;
import io.tidemark.client.TidemarkClient;
import io.tidemark.client.TidemarkClientException;
import io.tidemark.client.Transaction;
import io.tidemark.jepsen.history.Event;
import io.tidemark.jepsen.history.Recorder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Transactions that append to lists and read them, of one to four operations; all their keys are locked first. Lists are
 * left alone when they are long, and new ones take their place.
 */
public final class ListAppendWorkload extends ClientCalls {

    private static final String PREFIX = "list/";
    private static final int WIDTH = 5;
    private static final int TRANSACTIONS_PER_KEY = 60;
    private static final int OPERATIONS_MAX = 4;

    private final AtomicLong transactions = new AtomicLong();
    private final AtomicLong elements = new AtomicLong();

    /** A workload that has not begun. */
    public ListAppendWorkload(Recorder history, List<String> endpoints, Duration patience) {
        super(history, endpoints, patience);
    }

    @Override
    boolean step(int process, TidemarkClient client, Voice voice, Random random) {
        long round = transactions.getAndIncrement() / ((long) WIDTH * TRANSACTIONS_PER_KEY);
        List<List<Object>> operations = new ArrayList<>();
        for (int i = 1 + random.nextInt(OPERATIONS_MAX); i > 0; i--) {
            String key = round + "-" + random.nextInt(WIDTH);
            operations.add(
                    random.nextBoolean()
                            ? List.of("append", key, elements.getAndIncrement())
                            : Arrays.asList("r", key, null));
        }
        return voice.tell("txn", operations, () -> perform(client, operations), done -> done)
                .isPresent();
    }

    private static Voice.Done perform(TidemarkClient client, List<List<Object>> operations) {
        Transaction transaction;
        try {
            transaction = TidemarkClient.await(client.begin(IDLE));
        } catch (TidemarkClientException e) {
            throw undone(e);
        }
        List<List<Object>> done = new ArrayList<>();
        try {
            TreeSet<String> keys = new TreeSet<>();
            operations.forEach(operation -> keys.add(operation.get(1).toString()));
            for (String key : keys) {
                TidemarkClient.await(transaction.lock(KEYSPACE, bytes(PREFIX + key)));
            }
            for (List<Object> operation : operations) {
                done.add(perform(transaction, operation));
            }
        } catch (TidemarkClientException e) {
            giveUp(transaction);
            throw undone(e);
        }
        return new Voice.Done(done, Event.Seen.lsn(TidemarkClient.await(transaction.commit())));
    }

    private static List<Object> perform(Transaction transaction, List<Object> operation) {
        String key = operation.get(1).toString();
        GetResult found = TidemarkClient.await(transaction.get(KEYSPACE, bytes(PREFIX + key)));
        String list = found.found() ? text(found.value()) : "";
        if (operation.get(0).equals("r")) {
            List<Long> elements = list.isEmpty()
                    ? List.of()
                    : Arrays.stream(list.split(",")).map(Long::parseLong).toList();
            return List.of("r", key, elements);
        }
        String longer = list.isEmpty() ? operation.get(2).toString() : list + "," + operation.get(2);
        TidemarkClient.await(transaction.put(KEYSPACE, bytes(PREFIX + key), bytes(longer)));
        return operation;
    }
}

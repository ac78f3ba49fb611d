package io.tidemark.jepsen.workload;

import io.tidemark.client.Consistency;
import io.tidemark.client.Row;
import io.tidemark.client.ScanRange;
import io.tidemark.client.TidemarkClient;
import io.tidemark.jepsen.history.Event;
import io.tidemark.jepsen.history.Recorder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Every process adds elements, each a key of its own that is set once; rarely somebody reads them all, and somebody does at
 * the end. Pages of a read may be of different states: later ones have more elements, never fewer.
 */
public final class SetWorkload extends ClientCalls {

    private static final String PREFIX = "set/";
    private static final int ADDS_PER_READ = 1_000;
    private static final int FINAL_ATTEMPTS = 5;

    private final AtomicLong elements = new AtomicLong();

    /** A workload that has not begun. */
    public SetWorkload(Recorder history, List<String> endpoints, Duration patience) {
        super(history, endpoints, patience);
    }

    @Override
    boolean step(int process, TidemarkClient client, Voice voice, Random random) {
        if (random.nextInt(ADDS_PER_READ) == 0) {
            return read(client, voice);
        }
        long element = elements.getAndIncrement();
        byte[] value = bytes(Long.toString(element));
        return voice.ask(
                        "add",
                        element,
                        () -> client.put(KEYSPACE, bytes(PREFIX + element), value),
                        put -> new Voice.Done(
                                element, Event.Seen.version(put.version().toString())))
                .isPresent();
    }

    private static boolean read(TidemarkClient client, Voice voice) {
        return voice.tell("read", null, () -> all(client), all -> new Voice.Done(all, Event.Seen.NOTHING))
                .isPresent();
    }

    private static List<Long> all(TidemarkClient client) {
        List<Long> all = new ArrayList<>();
        Iterator<Row> rows = client.rows(KEYSPACE, ScanRange.ofPrefix(bytes(PREFIX)), Consistency.LINEARIZABLE);
        while (rows.hasNext()) {
            all.add(Long.parseLong(text(rows.next().value())));
        }
        return all;
    }

    @Override
    public void finish() {
        try (TidemarkClient client = connect(0)) {
            Voice voice = voice();
            for (int i = 0; i < FINAL_ATTEMPTS; i++) {
                if (read(client, voice)) {
                    return;
                }
            }
        }
    }
}

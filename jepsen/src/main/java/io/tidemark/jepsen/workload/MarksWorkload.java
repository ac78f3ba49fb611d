package io.tidemark.jepsen.workload;

import io.tidemark.client.TidemarkClient;
import io.tidemark.jepsen.history.Event;
import io.tidemark.jepsen.history.Recorder;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/** Writes of 100 bytes to 40 KB to keys that are there already or not, so that logs grow, are shipped and let go. */
public final class MarksWorkload extends ClientCalls {

    private static final int BYTES_MIN = 100;
    private static final int BYTES_MAX = 40_000;
    private static final int KEYS = 2_000;

    /** A workload that has not begun. */
    public MarksWorkload(Recorder history, List<String> endpoints, Duration patience) {
        super(history, endpoints, patience);
    }

    @Override
    boolean step(int process, TidemarkClient client, Voice voice, Random random) {
        byte[] value = new byte[BYTES_MIN + random.nextInt(BYTES_MAX - BYTES_MIN)];
        random.nextBytes(value);
        String key = "marks/" + random.nextInt(KEYS);
        List<Object> said = List.of(key, value.length);
        return voice.ask(
                        "write",
                        said,
                        () -> client.put(KEYSPACE, bytes(key), value),
                        put -> new Voice.Done(
                                said, Event.Seen.version(put.version().toString())))
                .isPresent();
    }
}

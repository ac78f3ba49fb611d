package io.tidemark.jepsen.workload;

import io.tidemark.client.HttpAnswer;
import io.tidemark.client.TidemarkClient;
import io.tidemark.client.TidemarkClientException;
import io.tidemark.client.TidemarkClientException.Kind;
import io.tidemark.jepsen.history.Event;
import io.tidemark.jepsen.history.Recorder;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Each process writes through the client and reads what any one node has, at least of the LSN that it has seen itself:
 * {@code GET …?consistency=local&at-least=LSN}.
 */
public final class SessionWorkload extends ClientCalls {

    private static final String PREFIX = "session/";
    private static final int WIDTH = 8;
    private static final int CALLS_PER_KEY = 200;

    private final AtomicLong calls = new AtomicLong();
    private final AtomicLong values = new AtomicLong();
    private final Map<Integer, Long> seen = new ConcurrentHashMap<>();

    /** A workload that has not begun. */
    public SessionWorkload(Recorder history, List<String> endpoints, Duration patience) {
        super(history, endpoints, patience);
    }

    private record Found(String value, String version, long lsn, String node) {}

    @Override
    boolean step(int process, TidemarkClient client, Voice voice, Random random) {
        long round = calls.getAndIncrement() / ((long) WIDTH * CALLS_PER_KEY);
        String key = round + "-" + random.nextInt(WIDTH);
        int dice = random.nextInt(10);
        if (dice < 4) {
            return write(process, client, voice, key, "v" + values.getAndIncrement());
        }
        if (dice < 5) {
            return delete(process, client, voice, key);
        }
        List<String> nodes = client.options().endpoints();
        return read(process, client, voice, key, nodes.get(random.nextInt(nodes.size())));
    }

    private boolean write(int process, TidemarkClient client, Voice voice, String key, String value) {
        List<String> pair = List.of(key, value);
        return voice.ask("write", pair, () -> client.put(KEYSPACE, bytes(PREFIX + key), bytes(value)), put -> {
                    saw(process, put.version().lsn());
                    return new Voice.Done(pair, Event.Seen.version(put.version().toString()));
                })
                .isPresent();
    }

    private boolean delete(int process, TidemarkClient client, Voice voice, String key) {
        List<String> pair = Arrays.asList(key, null);
        return voice.ask(
                        "delete",
                        pair,
                        () -> client.delete(KEYSPACE, bytes(PREFIX + key)).thenApply(ClientCalls::somethingDeleted),
                        deleted -> {
                            saw(process, deleted.version().lsn());
                            return new Voice.Done(
                                    pair, Event.Seen.version(deleted.version().toString()));
                        })
                .isPresent();
    }

    private boolean read(int process, TidemarkClient client, Voice voice, String key, String node) {
        long atLeast = seen.getOrDefault(process, 0L);
        return voice.tell("read", Arrays.asList(key, null), () -> look(client, node, key, atLeast), found -> {
                    saw(process, found.lsn());
                    return new Voice.Done(
                            Arrays.asList(key, found.value()), new Event.Seen(found.version(), found.lsn(), node));
                })
                .isPresent();
    }

    private static Found look(TidemarkClient client, String node, String key, long atLeast) {
        String path = "/v1/kv/" + KEYSPACE + "/" + PREFIX + key + "?consistency=local&at-least=" + atLeast;
        HttpAnswer answer = TidemarkClient.await(client.raw(node, "GET", path, null));
        String lsn = answer.header("Tidemark-Lsn");
        if (lsn == null || answer.status() != 200 && answer.status() != 404) {
            throw new TidemarkClientException(
                    Kind.UNAVAILABLE, node + " answers " + answer.status() + " " + answer.text());
        }
        String version = answer.header("ETag");
        return answer.status() == 200
                ? new Found(text(answer.body()), version.replace("\"", ""), Long.parseLong(lsn), node)
                : new Found(null, null, Long.parseLong(lsn), node);
    }

    private void saw(int process, long lsn) {
        seen.merge(process, lsn, Math::max);
    }
}

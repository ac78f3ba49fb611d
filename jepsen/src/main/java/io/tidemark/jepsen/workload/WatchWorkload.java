package io.tidemark.jepsen.workload;

import io.tidemark.client.TidemarkClient;
import io.tidemark.jepsen.history.Event;
import io.tidemark.jepsen.history.Recorder;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;

/**
 * Sets and deletes keys, while somebody is told every change from LSN 0 on; at the end another is told all of them again, as
 * far back as they are kept.
 */
public final class WatchWorkload extends ClientCalls {

    /** Keys of all changes that are told begin so. */
    public static final String PREFIX = "watch/";

    private static final int KEYS = 60;

    /**
     * A change as it was told.
     *
     * @param position {@code lsn.index}
     * @param value null for a deletion
     */
    public record Told(String position, String key, String value) {}

    /**
     * What somebody was told.
     *
     * @param from the LSN from which on it is all: the first, or where what was kept began
     */
    public record Feed(long from, List<Told> changes) {}

    /** Somebody who is told changes while they are made. */
    public interface Follower extends AutoCloseable {
        /** All changes of keys below {@link #PREFIX} up to this LSN; after {@link #close}. */
        Feed through(long lsn);

        /** It is told no more; any number of times. */
        @Override
        void close();
    }

    /** Makes those who watch. */
    public interface Watcher {
        /** One that begins now. */
        Follower follow();

        /** What one is told who begins now and ends with this LSN. */
        Feed through(long lsn);
    }

    private final AtomicLong values = new AtomicLong();
    private final Watcher watcher;
    private Follower follower;

    /** A workload that has not begun. */
    public WatchWorkload(Recorder history, List<String> endpoints, Duration patience, Watcher watcher) {
        super(history, endpoints, patience);
        this.watcher = watcher;
    }

    @Override
    public void begin(int processes, long seed) {
        follower = watcher.follow();
        super.begin(processes, seed);
    }

    @Override
    boolean step(int process, TidemarkClient client, Voice voice, Random random) {
        String key = PREFIX + random.nextInt(KEYS);
        if (random.nextInt(5) == 0) {
            return delete(client, voice, key);
        }
        return write(client, voice, key, "v" + values.getAndIncrement());
    }

    @Override
    public void finish() {
        long last;
        try (TidemarkClient client = connect(0)) {
            last = TidemarkClient.await(client.get(KEYSPACE, bytes(PREFIX))).lsn();
        }
        Voice voice = voice();
        watch(voice, "meanwhile", last, follower::through);
        watch(voice, "afterwards", last, watcher::through);
    }

    private static void watch(Voice voice, String when, long lsn, LongFunction<Feed> told) {
        voice.tell("watch", Map.of("lsn", lsn, "told", when), () -> told.apply(lsn), feed -> {
            List<List<String>> all = feed.changes().stream()
                    .map(change -> Arrays.asList(change.position(), change.key(), change.value()))
                    .toList();
            return new Voice.Done(
                    Map.of("from", feed.from(), "lsn", lsn, "told", when, "changes", all), Event.Seen.NOTHING);
        });
    }

    @Override
    public void close() {
        super.close();
        if (follower != null) {
            follower.close();
        }
    }
}

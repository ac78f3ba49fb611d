package io.tidemark.jepsen.workload;

import io.tidemark.client.TidemarkClient;
import io.tidemark.client.TidemarkClientException;
import io.tidemark.client.TidemarkClientException.Kind;
import io.tidemark.jepsen.checker.AcknowledgedWrites.Row;
import io.tidemark.jepsen.checker.RestoreChecker;
import io.tidemark.jepsen.history.Event;
import io.tidemark.jepsen.history.Recorder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;

/** Sets and deletes keys, now and then takes the LSN at which it stands, and at the end has some of these LSNs restored. */
public final class RestoreWorkload extends ClientCalls {

    /** Keys of all rows that a restore has to show begin so. */
    public static final String PREFIX = "restore/";

    private static final int KEYS = 60;
    private static final int CALLS_PER_LSN = 40;
    private static final int RESTORES = 4;
    private static final int LOOKS_MAX = 3;

    /** Brings the state at an LSN back, somewhere else. */
    public interface Restorer {
        /** States below this LSN are given up; -1 if none are. */
        long floor();

        /** All rows below {@link #PREFIX} at that LSN, of a cluster restored to it. */
        Map<String, Row> restore(long lsn);

        /** The same, of a second cluster that shares the objects of the first, which goes on. */
        Map<String, Row> fork(long lsn);

        /** The same, of a view. */
        Map<String, Row> view(long lsn);
    }

    private final AtomicLong values = new AtomicLong();
    private final Queue<Long> taken = new ConcurrentLinkedQueue<>();
    private final Restorer restorer;

    /** A workload that has not begun. */
    public RestoreWorkload(Recorder history, List<String> endpoints, Duration patience, Restorer restorer) {
        super(history, endpoints, patience);
        this.restorer = restorer;
    }

    @Override
    boolean step(int process, TidemarkClient client, Voice voice, Random random) {
        if (random.nextInt(CALLS_PER_LSN) == 0) {
            return take(client, voice);
        }
        String key = PREFIX + random.nextInt(KEYS);
        if (random.nextInt(5) == 0) {
            return delete(client, voice, key);
        }
        return write(client, voice, key, "v" + values.getAndIncrement());
    }

    private boolean take(TidemarkClient client, Voice voice) {
        return voice.ask("take-lsn", null, () -> client.get(KEYSPACE, bytes(PREFIX)), got -> {
                    remember(got.lsn());
                    return new Voice.Done(got.lsn(), Event.Seen.lsn(got.lsn()));
                })
                .isPresent();
    }

    void remember(long lsn) {
        taken.add(lsn);
    }

    /** Of some that are kept restores the last, forks at the one before, and views the others. */
    @Override
    public void finish() {
        Voice voice = voice();
        int restores = Math.min(RESTORES, kept().size());
        for (int i = 0; i < restores; i++) {
            boolean shown = false;
            for (int look = 0; !shown && look < LOOKS_MAX; look++) {
                List<Long> lsns = kept();
                if (lsns.isEmpty()) {
                    return;
                }
                long lsn = lsns.get(restores == 1 ? 0 : i * (lsns.size() - 1) / (restores - 1));
                if (i == restores - 1) {
                    shown = show(voice, "restore", lsn, restorer::restore);
                } else if (i == restores - 2) {
                    shown = show(voice, "fork", lsn, restorer::fork);
                } else {
                    shown = show(voice, "view", lsn, restorer::view);
                }
            }
        }
    }

    private List<Long> kept() {
        long floor = restorer.floor();
        return taken.stream().filter(lsn -> lsn >= floor).distinct().sorted().toList();
    }

    private boolean show(Voice voice, String how, long lsn, LongFunction<Map<String, Row>> past) {
        return voice.tell("restore", Map.of("lsn", lsn, "by", how), () -> unlessGivenUp(lsn, past), rows -> {
                    Map<String, List<String>> shown = new TreeMap<>();
                    rows.forEach((key, row) -> shown.put(key, List.of(row.value(), row.version())));
                    return new Voice.Done(Map.of("lsn", lsn, "by", how, "rows", shown), Event.Seen.NOTHING);
                })
                .isPresent();
    }

    /** The floor goes on rising for as long as the log moves: a state may be given up after it was chosen. */
    private Map<String, Row> unlessGivenUp(long lsn, LongFunction<Map<String, Row>> past) {
        try {
            return past.apply(lsn);
        } catch (AssertionError e) {
            long floor = restorer.floor();
            if (floor > lsn) {
                throw new TidemarkClientException(
                        Kind.NOT_FOUND, RestoreChecker.GIVEN_UP + ": what is kept begins at LSN " + floor, e);
            }
            throw e;
        }
    }
}

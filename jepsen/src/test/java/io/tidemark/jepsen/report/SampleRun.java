package io.tidemark.jepsen.report;

import io.tidemark.jepsen.checker.Marks;
import io.tidemark.jepsen.history.Event;
import io.tidemark.jepsen.history.Header;
import io.tidemark.jepsen.history.History;
import io.tidemark.jepsen.history.Recorder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A made-up run that looks like one: two minutes of reads and writes of own keys, slow while a nemesis strikes. */
final class SampleRun {

    private static final int SECONDS = 120;
    private static final double[][] BLOWS = {{15, 21}, {38, 44}, {61, 73}, {90, 96}};
    private static final String[] NEMESES = {"kill", "pause", "partition-leader", "kill"};

    private record Moment(double seconds, Runnable event) {}

    private final Random random = new Random(7);
    private final List<Moment> moments = new ArrayList<>();
    private final long[] clock = {0};
    private final Recorder recorder;
    private int numbers = 100;

    private SampleRun() {
        Header header = new Header(
                "register",
                "kill+pause+partition-leader",
                7,
                "b85a93d",
                "./tidemark jepsen run --workload register --nemesis kill,pause,partition-leader --time 120 --seed 7",
                "2026-11-20T12:00:00Z",
                Map.of("nodes", "3", "processes", "8"));
        recorder = Recorder.inMemory(header, () -> clock[0]);
    }

    /** @param stale whether one read shows an old value */
    static History history(boolean stale) {
        SampleRun run = new SampleRun();
        for (int client = 0; client < 8; client++) {
            run.client(client, stale && client == 3);
        }
        for (int i = 0; i < BLOWS.length; i++) {
            String name = NEMESES[i];
            String whom = "n" + (1 + i % 3);
            run.at(BLOWS[i][0], () -> run.recorder.nemesis(name, List.of("strike")));
            run.at(BLOWS[i][0] + 0.1, () -> run.recorder.nemesis(name, List.of("struck", whom)));
            run.at(BLOWS[i][1], () -> run.recorder.nemesis(name, List.of("healed")));
        }
        run.marks();
        return run.play();
    }

    private void at(double seconds, Runnable event) {
        moments.add(new Moment(seconds, event));
    }

    private boolean struck(double seconds) {
        return Arrays.stream(BLOWS).anyMatch(b -> seconds >= b[0] && seconds < b[0] + 3);
    }

    private void client(int client, boolean stale) {
        int[] number = {client};
        String value = null;
        String before = null;
        double now = random.nextDouble() / 10;
        for (int i = 0; now < SECONDS; i++) {
            boolean read = random.nextBoolean();
            boolean lied = stale && read && before != null && now > 62;
            stale = stale && !lied;
            double took = Math.exp(random.nextGaussian() * 0.6 + (read ? 0.4 : 1.3)) / 1e3;
            boolean unclear = false;
            boolean refused = false;
            if (struck(now)) {
                took = 0.2 + 2.5 * random.nextDouble();
                unclear = !read && random.nextInt(3) == 0;
                refused = !unclear && random.nextInt(4) == 0;
            }
            List<Object> asked = Arrays.asList("k" + client, read ? null : client + "." + i);
            List<Object> told = read ? Arrays.asList("k" + client, lied ? before : value) : asked;
            int process = number[0];
            String f = read ? "read" : "write";
            at(now, () -> recorder.invoke(process, f, asked));
            double end = now + took;
            if (unclear) {
                at(end, () -> recorder.info(process, f, asked, "no answer in time"));
                number[0] = numbers++;
            } else if (refused) {
                at(end, () -> recorder.fail(process, f, asked, "no leader"));
            } else {
                at(end, () -> recorder.ok(process, f, told, Event.Seen.NOTHING));
                before = read ? before : value;
                value = read ? value : client + "." + i;
            }
            now = end + 0.02 + 0.06 * random.nextDouble();
        }
    }

    private void marks() {
        for (int n = 0; n < 3; n++) {
            double committed = 0;
            double shipped = 0;
            int node = n;
            for (double now = 0.05 * n; now < SECONDS; now += 0.1) {
                boolean stopped = now >= BLOWS[n][0] && now < BLOWS[n][1];
                committed += struck(now) ? 0.2 : 6 + random.nextInt(3);
                if ((int) (now * 10) % 25 == 0 && !(now > 40 && now < 58)) {
                    shipped = committed - 12;
                }
                if (!stopped) {
                    long high = (long) Math.max(-1, shipped);
                    long low = random.nextInt(4) == 0 ? Math.max(-1, high - 40) : high;
                    Marks marks = new Marks(
                            "h",
                            "n" + (node + 1),
                            1,
                            1,
                            (long) committed,
                            (long) committed,
                            (long) Math.max(committed - 9, high),
                            high,
                            Math.max(low, (long) lows[node]),
                            1);
                    lows[node] = marks.raftLowWaterMark();
                    at(now, () -> recorder.nemesis(Event.MARK, marks.value()));
                }
            }
        }
    }

    private final double[] lows = {-1, -1, -1};

    private History play() {
        moments.sort(Comparator.comparingDouble(Moment::seconds));
        for (Moment moment : moments) {
            clock[0] = (long) (moment.seconds() * 1e9);
            moment.event().run();
        }
        return recorder.history();
    }
}

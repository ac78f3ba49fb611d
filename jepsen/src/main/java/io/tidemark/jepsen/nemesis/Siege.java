package io.tidemark.jepsen.nemesis;

import io.tidemark.jepsen.cluster.Waiting;
import io.tidemark.jepsen.history.Chronicle;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Lets nemeses strike until it is lifted: in turn and evenly, or at random as a seed says. One thread; afterwards
 * everything is healed.
 */
public final class Siege {

    private final Chronicle history;
    private final List<Nemesis> nemeses;
    private final Pace pace;
    private final Random random;
    private final AtomicInteger strikes = new AtomicInteger();
    private final Thread thread;
    private volatile boolean lifted;
    private volatile Throwable failure;

    private Siege(Chronicle history, List<Nemesis> nemeses, Pace pace, Random random) {
        this.history = history;
        this.nemeses = List.copyOf(nemeses);
        this.pace = pace;
        this.random = random;
        this.thread = new Thread(this::run, "siege");
        this.thread.setDaemon(true);
    }

    /**
     * Begins.
     *
     * @param struck how long a blow lasts before it is healed
     * @param whole how long the cluster is left whole before the next blow, and before the first
     */
    public static Siege begin(Chronicle history, List<Nemesis> nemeses, Duration struck, Duration whole) {
        return begun(new Siege(history, nemeses, Pace.even(struck, whole), null));
    }

    /** Begins; {@code random} says who strikes and when. */
    public static Siege begin(Chronicle history, List<Nemesis> nemeses, Pace pace, Random random) {
        return begun(new Siege(history, nemeses, pace, random));
    }

    private static Siege begun(Siege siege) {
        siege.thread.start();
        return siege;
    }

    private void run() {
        try {
            for (int turn = 0; !lifted; turn++) {
                int next = random == null ? turn % nemeses.size() : random.nextInt(nemeses.size());
                pause(pace.whole(random));
                if (!lifted) {
                    strike(nemeses.get(next), pace.struck(random));
                }
            }
        } catch (RuntimeException | Error e) {
            failure = e;
        }
    }

    private void strike(Nemesis nemesis, Duration struck) {
        history.nemesis(nemesis.name(), List.of("strike"));
        try {
            String whom = nemesis.strike();
            history.nemesis(nemesis.name(), List.of("struck", whom));
            strikes.incrementAndGet();
            pause(struck);
        } finally {
            nemesis.heal();
            String remedy = nemesis.remedy();
            history.nemesis(nemesis.name(), remedy.isEmpty() ? List.of("healed") : List.of("healed", remedy));
        }
    }

    private void pause(Duration time) {
        for (long slept = 0; slept < time.toMillis() && !lifted; slept += 50) {
            Waiting.pause(Duration.ofMillis(50));
        }
    }

    /** How many blows there were. */
    public int strikes() {
        return strikes.get();
    }

    /** Ends the siege: waits until the last blow is healed, and fails if a nemesis broke. */
    public void lift() {
        lifted = true;
        Waiting.until("the siege lifted", Duration.ofMinutes(5), thread::isAlive, alive -> !alive);
        if (failure != null) {
            throw new AssertionError("a nemesis broke", failure);
        }
    }
}

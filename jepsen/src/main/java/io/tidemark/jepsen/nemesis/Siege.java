package io.tidemark.jepsen.nemesis;

import io.tidemark.jepsen.cluster.Waiting;
import io.tidemark.jepsen.history.Chronicle;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Lets nemeses strike until it is lifted: in turn and evenly, or at random as a seed says. One thread; afterwards
 * everything is healed. A blow that fails is written down, and the next follows. In a {@link Truce} the siege heals and rests.
 */
public final class Siege {

    private static final int LOOK_MILLIS = 50;

    /** An operator may need this long for a node with a new disk. */
    private static final Duration LIFTED_MAX = Duration.ofMinutes(15);

    private final Chronicle history;
    private final List<Nemesis> nemeses;
    private final Pace pace;
    private final Random random;
    private final Truce truce;
    private final Runnable before;
    private final AtomicInteger strikes = new AtomicInteger();
    private final Thread thread;
    private volatile boolean lifted;
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

    private Siege(Chronicle history, List<Nemesis> nemeses, Pace pace, Random random, Truce truce, Runnable before) {
        this.history = history;
        this.nemeses = List.copyOf(nemeses);
        this.pace = pace;
        this.random = random;
        this.truce = truce;
        this.before = before;
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
        return begun(new Siege(history, nemeses, Pace.even(struck, whole), null, new Truce(), () -> {}));
    }

    /**
     * Begins.
     *
     * @param random says who strikes and when
     * @param truce shared with sieges beside this one
     * @param before done before each blow, when nothing of this siege is struck
     */
    public static Siege begin(
            Chronicle history, List<Nemesis> nemeses, Pace pace, Random random, Truce truce, Runnable before) {
        return begun(new Siege(history, nemeses, pace, random, truce, before));
    }

    private static Siege begun(Siege siege) {
        siege.thread.start();
        return siege;
    }

    private void run() {
        for (int turn = 0; !lifted; turn++) {
            int next = random == null ? turn % nemeses.size() : random.nextInt(nemeses.size());
            rest(pace.whole(random));
            Duration struck = pace.struck(random);
            if (!lifted && attempt(nemeses.get(next), before)) {
                attempt(nemeses.get(next), () -> strike(nemeses.get(next), struck));
            }
        }
    }

    private boolean attempt(Nemesis nemesis, Runnable deed) {
        try {
            deed.run();
            return true;
        } catch (RuntimeException | AssertionError e) {
            history.nemesis(nemesis.name(), List.of("failed", String.valueOf(e.getMessage())));
            failures.add(e);
            return false;
        }
    }

    private void strike(Nemesis nemesis, Duration struck) {
        history.nemesis(nemesis.name(), List.of("strike"));
        try {
            String whom = nemesis.strike();
            history.nemesis(nemesis.name(), List.of("struck", whom));
            strikes.incrementAndGet();
            hold(struck);
        } finally {
            nemesis.heal();
            String remedy = nemesis.remedy();
            history.nemesis(nemesis.name(), remedy.isEmpty() ? List.of("healed") : List.of("healed", remedy));
        }
    }

    private void hold(Duration time) {
        for (long slept = 0; slept < time.toMillis() && !lifted && !truce.holds(); slept += LOOK_MILLIS) {
            Waiting.pause(Duration.ofMillis(LOOK_MILLIS));
        }
    }

    private void rest(Duration time) {
        for (long slept = 0; (slept < time.toMillis() || truce.holds()) && !lifted; slept += LOOK_MILLIS) {
            Waiting.pause(Duration.ofMillis(LOOK_MILLIS));
        }
    }

    /** How many blows there were. */
    public int strikes() {
        return strikes.get();
    }

    /** No more blows; does not wait. */
    public void end() {
        lifted = true;
    }

    /** Ends the siege: waits until the last blow is healed, and fails if any blow, or its healing, failed. */
    public void lift() {
        end();
        Waiting.until("the siege lifted", LIFTED_MAX, thread::isAlive, alive -> !alive);
        if (!failures.isEmpty()) {
            AssertionError all = new AssertionError(failures.size() + " blows failed", failures.peek());
            failures.stream().skip(1).forEach(all::addSuppressed);
            throw all;
        }
    }
}

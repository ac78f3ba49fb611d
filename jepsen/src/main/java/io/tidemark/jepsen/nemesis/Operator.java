package io.tidemark.jepsen.nemesis;

import io.tidemark.jepsen.cluster.Cluster;
import io.tidemark.jepsen.cluster.Waiting;
import io.tidemark.jepsen.history.Chronicle;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What an operator does about nodes that are down: starts them, and gives one whose disk has failed it a new disk. What it
 * did beyond a start is written into the history.
 *
 * <p>While links and S3 are struck a node may not get ready. Then the operator calls a {@link Truce}. A node that is not
 * ready in that either has failed: with damage in play it gets a new disk, so that the run goes on. It is an anomaly all the
 * same unless it had halted, which is what a node should do that cannot believe its files.
 *
 * <p>Used by one thread at a time.
 */
public final class Operator {

    /** Its name in histories. */
    public static final String NAME = "operator";

    /** Being rebuilt from S3 takes minutes on a busy machine. */
    private static final Duration UNDER_FIRE = Duration.ofMinutes(3);

    private static final Duration IN_TRUCE = Duration.ofMinutes(6);
    private static final int STARTS_AGAIN = 2;

    private final Nodes nodes;
    private final Truce truce;
    private final Duration underFire;
    private final Duration inTruce;
    private final List<String> halts = new CopyOnWriteArrayList<>();
    private final AtomicInteger truces = new AtomicInteger();
    private final AtomicInteger disks = new AtomicInteger();
    private Chronicle history = (f, value) -> {};
    private boolean damage;

    /** For blows that nothing else strikes beside. */
    public Operator(Cluster cluster) {
        this(cluster, new Truce());
    }

    /** @param truce to call when other blows keep a node from getting ready */
    public Operator(Cluster cluster, Truce truce) {
        this(new ClusterNodes(cluster), truce, UNDER_FIRE, IN_TRUCE);
    }

    Operator(Nodes nodes, Truce truce, Duration underFire, Duration inTruce) {
        this.nodes = nodes;
        this.truce = truce;
        this.underFire = underFire;
        this.inTruce = inTruce;
    }

    /**
     * Forgets what it did before.
     *
     * @param chronicle where it is told what this does from now on
     * @param expected whether a node may have lost its files, so that it may have a new disk
     */
    public void begin(Chronicle chronicle, boolean expected) {
        history = chronicle;
        damage = expected;
        halts.clear();
        truces.set(0);
        disks.set(0);
    }

    Truce truce() {
        return truce;
    }

    /** Nodes that ended by themselves, each with its last words. */
    public List<String> halts() {
        return List.copyOf(halts);
    }

    /** How often other blows had to rest. */
    public int truces() {
        return truces.get();
    }

    /** How many disks were replaced. */
    public int disks() {
        return disks.get();
    }

    /**
     * Starts nodes that ended by themselves, as a supervisor would, and has all ready: what strikes next may take a disk, and a
     * majority of the others must have theirs. While no node is down on purpose.
     */
    public void lookAfter() {
        startDead();
        bringBack(nodes.names());
    }

    private List<String> startDead() {
        List<String> dead =
                nodes.names().stream().filter(node -> !nodes.alive(node)).toList();
        dead.forEach(this::halted);
        nodes.start(dead);
        return dead;
    }

    private void halted(String node) {
        String words = node + ": " + nodes.words(node);
        halts.add(words);
        did("halted", words);
    }

    private void did(String what, String words) {
        history.nemesis(NAME, List.of(what, words));
    }

    /** Starts these nodes, as far as they are down, and has all of them ready; says what it took where it took more. */
    public String bringBack(List<String> hurt) {
        nodes.start(hurt.stream().filter(node -> !nodes.alive(node)).toList());
        StringBuilder words = new StringBuilder();
        for (String node : hurt) {
            String took = ready(node);
            words.append(took.isEmpty() ? "" : (words.isEmpty() ? "" : "; ") + node + " " + took);
        }
        return words.toString();
    }

    /**
     * The same of a node whose files are damaged. Damage that lies in wait is found by reading all: met minutes later, while
     * another node has lost its disk, it would be one too many.
     */
    String mend(String node) {
        String words = bringBack(List.of(node));
        if (nodes.readsAll(node)) {
            return words.isEmpty() ? node + " went on" : words;
        }
        if (!nodes.alive(node)) {
            return bringBack(List.of(node));
        }
        String why = "cannot read all that it has";
        replaceDisk(node, why);
        return node + " " + why + "; has a new disk";
    }

    /** What it took to have the node ready, in words; empty if it just went on. */
    private String ready(String node) {
        Waited waited = await(node, underFire, 0);
        if (!waited.ready() && !waited.refuses()) {
            waited = awaitInTruce(node, waited.halts());
        }
        if (waited.ready()) {
            return waited.halts() == 0 ? "" : "halted, and went on when started again";
        }
        boolean refuses = waited.refuses();
        String why = (refuses ? "halted again and again" : "lived, and was not ready") + ": " + nodes.words(node);
        if (damage) {
            replaceDisk(node, why);
        }
        if (!damage || !refuses) {
            throw new AssertionError(
                    node + " " + why + (damage ? "; it has a new disk now" : "; all else was whole by then"));
        }
        return why + "; has a new disk";
    }

    /** How a node was waited for. */
    private record Waited(boolean ready, int halts) {
        boolean refuses() {
            return !ready && halts > STARTS_AGAIN;
        }
    }

    private Waited awaitInTruce(String node, int halted) {
        truces.incrementAndGet();
        did("truce", node + " is not ready after " + underFire.toSeconds() + " s: " + nodes.words(node));
        Waited[] after = new Waited[1];
        truce.during(() -> after[0] = await(node, inTruce, halted));
        return after[0];
    }

    private void replaceDisk(String node, String why) {
        did("new-disk", node + " " + why);
        disks.incrementAndGet();
        if (nodes.alive(node)) {
            nodes.kill(node);
        }
        nodes.removeDirectory(node);
        nodes.start(List.of(node));
        Waited[] waited = new Waited[1];
        truce.during(() -> waited[0] = await(node, inTruce, 0));
        if (!waited[0].ready()) {
            throw new AssertionError(node + " is not ready with a new disk either: " + nodes.words(node));
        }
    }

    /**
     * Until it is ready, or the time is over, or it has halted too often. One that halts, or another one, is started again, as a
     * supervisor would: damage of long ago shows when it is met.
     *
     * @param before how often it halted before
     */
    private Waited await(String node, Duration bound, int before) {
        long end = System.nanoTime() + bound.toNanos();
        int count = before;
        boolean ready = nodes.ready(node);
        while (!ready && System.nanoTime() - end < 0) {
            if (!nodes.alive(node) && ++count > STARTS_AGAIN) {
                halted(node);
                break;
            }
            startDead();
            Waiting.pause(Duration.ofMillis(200));
            ready = nodes.ready(node);
        }
        return new Waited(ready, count);
    }
}

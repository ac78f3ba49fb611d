package io.tidemark.jepsen.nemesis;

import io.tidemark.jepsen.cluster.Cluster;
import io.tidemark.jepsen.cluster.Links;
import io.tidemark.jepsen.cluster.Waiting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** Makes links bad without cutting them for good. */
public final class LinkNemesis implements Nemesis {

    /** What is wrong with the links. */
    public enum Trouble {
        /** Nodes whose links pass 64 to 1,000 kbit/s; packets that would wait for more than 400 ms are lost. */
        SLOW,
        /** Directions between nodes that lose everything for 20 to 300 ms, again and again, about a third of the time. */
        LOSSY
    }

    private static final int SLOWEST = 64;
    private static final int FASTEST = 1_000;

    private final Cluster cluster;
    private final Trouble trouble;
    private final Random random;
    private Thread losing;
    private volatile boolean lossy;
    private volatile RuntimeException failure;

    /**
     * @param cluster on hosts whose links can be broken
     * @param random chooses nodes and rates
     */
    public LinkNemesis(Cluster cluster, Trouble trouble, Random random) {
        this.cluster = cluster;
        this.trouble = trouble;
        this.random = random;
        if (cluster.hosts().links() == null) {
            throw new IllegalArgumentException(
                    "no network can be troubled here: " + cluster.hosts().description());
        }
    }

    private Links links() {
        return cluster.hosts().links();
    }

    @Override
    public String name() {
        return trouble.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String strike() {
        List<String> names = new ArrayList<>(cluster.names());
        Collections.shuffle(names, random);
        return trouble == Trouble.SLOW
                ? slow(names.subList(0, 1 + random.nextInt(names.size())))
                : lose(names.get(0), names.subList(1, names.size()));
    }

    private String slow(List<String> nodes) {
        List<String> said = new ArrayList<>();
        for (String node : nodes) {
            int rate = SLOWEST + random.nextInt(FASTEST - SLOWEST);
            links().slow(node, rate);
            said.add(node + " " + rate + " kbit/s");
        }
        return String.join(", ", said);
    }

    private String lose(String node, List<String> others) {
        lossy = true;
        Random luck = new Random(random.nextLong());
        losing = new Thread(() -> loseBursts(node, List.copyOf(others), luck), "lossy-" + node);
        losing.setDaemon(true);
        losing.start();
        return "bursts between " + node + " and " + others;
    }

    private void loseBursts(String node, List<String> others, Random luck) {
        try {
            while (lossy) {
                String other = others.get(luck.nextInt(others.size()));
                boolean there = luck.nextBoolean();
                String from = there ? node : other;
                String to = there ? other : node;
                links().cut(from, to);
                Waiting.pause(Duration.ofMillis(20 + luck.nextInt(280)));
                links().join(from, to);
                Waiting.pause(Duration.ofMillis(luck.nextInt(600)));
            }
        } catch (RuntimeException e) {
            failure = e;
        }
    }

    @Override
    public void heal() {
        lossy = false;
        if (losing != null) {
            Thread thread = losing;
            losing = null;
            Waiting.until("the last burst over", Duration.ofSeconds(30), thread::isAlive, alive -> !alive);
        }
        for (String node : cluster.names()) {
            links().quicken(node);
            cluster.names().forEach(other -> links().join(node, other));
        }
        if (failure != null) {
            throw failure;
        }
    }
}

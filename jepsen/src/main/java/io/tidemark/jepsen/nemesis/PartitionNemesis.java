package io.tidemark.jepsen.nemesis;

import io.tidemark.jepsen.cluster.Cluster;
import io.tidemark.jepsen.cluster.Links;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** Cuts the network between nodes. Clients and S3 stay reachable from everywhere. */
public final class PartitionNemesis implements Nemesis {

    /** Who is cut from whom. */
    public enum Shape {
        /** Any node from all others. */
        ONE,
        /** The leader from all others. */
        LEADER,
        /** A minority from the majority. */
        HALVES,
        /** Every node sees a majority, but no two the same: of three, two do not see each other. */
        RING,
        /** One node's packets do not reach the others; theirs reach it. Or the other way round. */
        ONE_WAY
    }

    private final Cluster cluster;
    private final Shape shape;
    private final Random random;

    /**
     * @param cluster on hosts whose links can be broken
     * @param random chooses the nodes
     */
    public PartitionNemesis(Cluster cluster, Shape shape, Random random) {
        this.cluster = cluster;
        this.shape = shape;
        this.random = random;
        links();
    }

    private Links links() {
        Links links = cluster.hosts().links();
        if (links == null) {
            throw new IllegalArgumentException(
                    "no network can be cut here: " + cluster.hosts().description());
        }
        return links;
    }

    @Override
    public String name() {
        return shape == Shape.ONE
                ? "partition"
                : "partition-" + shape.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Override
    public String strike() {
        List<String> names = new ArrayList<>(cluster.names());
        Collections.shuffle(names, random);
        return switch (shape) {
            case ONE -> separate(names.subList(0, 1));
            case LEADER -> separate(Target.LEADER.choose(cluster, random));
            case HALVES -> separate(names.subList(0, (names.size() - 1) / 2));
            case RING -> ring(names);
            case ONE_WAY -> oneWay(names);
        };
    }

    private String separate(List<String> side) {
        List<String> others =
                cluster.names().stream().filter(n -> !side.contains(n)).toList();
        links().separate(side, others);
        return side + " | " + others;
    }

    private String ring(List<String> names) {
        int count = names.size();
        int reach = Math.max(1, count / 4);
        List<String> cuts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            for (int j = i + 1; j < count; j++) {
                int distance = count == 3 ? j - i : Math.min(j - i, count - (j - i));
                if (distance > reach) {
                    links().separate(List.of(names.get(i)), List.of(names.get(j)));
                    cuts.add(names.get(i) + " | " + names.get(j));
                }
            }
        }
        return String.join(", ", cuts);
    }

    private String oneWay(List<String> names) {
        String node = names.get(0);
        List<String> others = names.subList(1, names.size());
        boolean mute = random.nextBoolean();
        for (String other : others) {
            links().cut(mute ? node : other, mute ? other : node);
        }
        return node + (mute ? " is not heard by " : " does not hear ") + others;
    }

    @Override
    public void heal() {
        for (String from : cluster.names()) {
            for (String to : cluster.names()) {
                links().join(from, to);
            }
        }
    }
}

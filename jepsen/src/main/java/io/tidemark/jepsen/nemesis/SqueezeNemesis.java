package io.tidemark.jepsen.nemesis;

import io.tidemark.jepsen.cluster.Cluster;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * One node is stopped and goes on with hardly any disk for pages: what a checkpoint in S3 has leaves it. Healed by another
 * restart, after which it has its budget back and its pages in S3.
 */
public final class SqueezeNemesis implements Nemesis {

    private static final String HOT_TIER = "256KiB";

    private final Cluster cluster;
    private final Operator operator;
    private final Random random;
    private List<String> struck = List.of();
    private String remedy = "";

    /** @param random chooses the node */
    public SqueezeNemesis(Cluster cluster, Operator operator, Random random) {
        this.cluster = cluster;
        this.operator = operator;
        this.random = random;
    }

    @Override
    public String name() {
        return "squeeze";
    }

    @Override
    public String strike() {
        struck = Target.ONE.choose(cluster, random);
        String node = struck.get(0);
        cluster.terminate(node);
        cluster.start(node, Map.of("hot-tier-bytes", HOT_TIER));
        return node + ": " + HOT_TIER;
    }

    @Override
    public void heal() {
        List<String> hurt = struck;
        struck = List.of();
        remedy = "";
        if (!hurt.isEmpty()) {
            hurt.stream().filter(cluster::alive).forEach(cluster::terminate);
            remedy = operator.bringBack(hurt);
        }
    }

    @Override
    public String remedy() {
        return remedy;
    }
}

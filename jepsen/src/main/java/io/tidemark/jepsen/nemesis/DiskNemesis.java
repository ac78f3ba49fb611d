package io.tidemark.jepsen.nemesis;

import io.tidemark.jepsen.cluster.Cluster;
import java.util.List;
import java.util.Random;

/** One node loses its disk: killed, its directory removed, started again; healed when it is a member again. */
public final class DiskNemesis implements Nemesis {

    private final Cluster cluster;
    private final Operator operator;
    private final Random random;
    private List<String> struck = List.of();
    private String remedy = "";

    /** @param random chooses the node */
    public DiskNemesis(Cluster cluster, Operator operator, Random random) {
        this.cluster = cluster;
        this.operator = operator;
        this.random = random;
    }

    @Override
    public String name() {
        return "wipe";
    }

    @Override
    public String strike() {
        String node = Target.ONE.choose(cluster, random).get(0);
        struck = List.of(node);
        cluster.kill(node);
        cluster.removeDirectory(node);
        return node;
    }

    @Override
    public void heal() {
        List<String> hurt = struck;
        struck = List.of();
        remedy = operator.bringBack(hurt);
    }

    @Override
    public String remedy() {
        return remedy;
    }
}

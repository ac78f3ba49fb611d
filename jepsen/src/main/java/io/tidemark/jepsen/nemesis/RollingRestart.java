package io.tidemark.jepsen.nemesis;

import io.tidemark.jepsen.cluster.Cluster;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Stops and starts every node cleanly, one after another, each when the one before is ready again. */
public final class RollingRestart implements Nemesis {

    private final Cluster cluster;
    private final Operator operator;
    private final Random random;

    /** @param random chooses the order */
    public RollingRestart(Cluster cluster, Operator operator, Random random) {
        this.cluster = cluster;
        this.operator = operator;
        this.random = random;
    }

    @Override
    public String name() {
        return "rolling-restart";
    }

    @Override
    public String strike() {
        List<String> order = new ArrayList<>(cluster.names());
        Collections.shuffle(order, random);
        for (String node : order) {
            cluster.terminate(node);
            operator.bringBack(List.of(node));
        }
        return String.join(", then ", order);
    }

    @Override
    public void heal() {
        operator.bringBack(cluster.names());
    }
}

package io.tidemark.jepsen.nemesis;

import io.tidemark.jepsen.cluster.Cluster;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;

/** Kills, stops or pauses nodes. */
public final class NodeNemesis implements Nemesis {

    /** What is done to a node. */
    public enum Blow {
        /** SIGKILL; healed by starting it and waiting until it is ready. */
        KILL,
        /** SIGTERM; healed like a kill. */
        STOP,
        /** SIGSTOP; healed by SIGCONT. */
        PAUSE
    }

    private final Cluster cluster;
    private final Operator operator;
    private final Blow blow;
    private final Target target;
    private final Random random;
    private int strikes;
    private List<String> struck = List.of();
    private String remedy = "";

    /**
     * Strikes one node at a time: by turns the leader and any node.
     *
     * @param random chooses the node
     */
    public NodeNemesis(Cluster cluster, Blow blow, Random random) {
        this(cluster, new Operator(cluster), blow, null, random);
    }

    /**
     * @param target null = by turns the leader and any node
     * @param random chooses the nodes
     */
    public NodeNemesis(Cluster cluster, Operator operator, Blow blow, Target target, Random random) {
        this.cluster = cluster;
        this.operator = operator;
        this.blow = blow;
        this.target = target;
        this.random = random;
    }

    @Override
    public String name() {
        String name = blow.name().toLowerCase(Locale.ROOT);
        return target == null ? name : name + "-" + target.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String strike() {
        Optional<String> leader = cluster.leader();
        Target now = target != null ? target : strikes++ % 2 == 0 ? Target.LEADER : Target.ONE;
        struck = List.copyOf(now.choose(cluster, random));
        switch (blow) {
            case KILL -> cluster.kill(struck.toArray(String[]::new));
            case STOP -> struck.forEach(cluster::terminate);
            case PAUSE -> struck.forEach(cluster::pause);
        }
        boolean led = leader.isPresent() && struck.contains(leader.get());
        return String.join(", ", struck) + (!led ? "" : struck.size() == 1 ? ", the leader" : ", with the leader");
    }

    @Override
    public void heal() {
        List<String> hurt = struck;
        struck = List.of();
        remedy = "";
        if (blow == Blow.PAUSE) {
            hurt.forEach(cluster::resume);
        } else if (!hurt.isEmpty()) {
            remedy = operator.bringBack(hurt);
        }
    }

    @Override
    public String remedy() {
        return remedy;
    }
}

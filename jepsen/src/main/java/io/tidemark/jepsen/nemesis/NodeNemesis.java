package io.tidemark.jepsen.nemesis;

import io.tidemark.jepsen.cluster.Cluster;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Kills or pauses one node at a time: by turns the leader and any node. */
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
    private final Blow blow;
    private final Random random;
    private int strikes;
    private Optional<String> struck = Optional.empty();

    /** @param random chooses the node */
    public NodeNemesis(Cluster cluster, Blow blow, Random random) {
        this.cluster = cluster;
        this.blow = blow;
        this.random = random;
    }

    @Override
    public String name() {
        return blow.name().toLowerCase(java.util.Locale.ROOT);
    }

    @Override
    public String strike() {
        List<String> names = cluster.names();
        Optional<String> leader = strikes++ % 2 == 0 ? cluster.leader() : Optional.empty();
        String node = leader.orElseGet(() -> names.get(random.nextInt(names.size())));
        struck = Optional.of(node);
        switch (blow) {
            case KILL -> cluster.kill(node);
            case STOP -> cluster.terminate(node);
            case PAUSE -> cluster.pause(node);
        }
        return node + (leader.isPresent() ? ", the leader" : "");
    }

    @Override
    public void heal() {
        struck.ifPresent(node -> {
            struck = Optional.empty();
            if (blow == Blow.PAUSE) {
                cluster.resume(node);
            } else {
                cluster.start(node);
                cluster.awaitReady(node);
            }
        });
    }
}

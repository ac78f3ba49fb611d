package io.tidemark.jepsen.nemesis;

import io.tidemark.jepsen.cluster.Cluster;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Which nodes a blow hits. */
public enum Target {
    /** Any one. */
    ONE,
    /** The leader; any one if there is none. */
    LEADER,
    /** As many as the cluster can do without. */
    MINORITY,
    /** As few as it cannot do without. */
    MAJORITY,
    /** All. */
    ALL;

    /** Chooses. */
    List<String> choose(Cluster cluster, Random random) {
        List<String> names = new ArrayList<>(cluster.names());
        Collections.shuffle(names, random);
        int majority = names.size() / 2 + 1;
        return switch (this) {
            case ONE -> names.subList(0, 1);
            case LEADER -> {
                Optional<String> leader = cluster.leader();
                yield List.of(leader.orElse(names.get(0)));
            }
            case MINORITY -> names.subList(0, names.size() - majority);
            case MAJORITY -> names.subList(0, majority);
            case ALL -> names;
        };
    }
}

package io.tidemark.jepsen.nemesis;

import io.tidemark.jepsen.cluster.Cluster;
import io.tidemark.jepsen.fault.SmallDisk;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** The disk of one node fills up: below the reserve that the node keeps, or to the last byte. */
public final class FullDiskNemesis implements Nemesis {

    private static final long BELOW_RESERVE_BYTES = 64L << 20;

    private final Cluster cluster;
    private final Operator operator;
    private final Map<String, SmallDisk> disks;
    private final Random random;
    private String struck;
    private String remedy = "";

    /**
     * @param disks of each node its own
     * @param random chooses the node and how full
     */
    public FullDiskNemesis(Cluster cluster, Operator operator, Map<String, SmallDisk> disks, Random random) {
        if (!disks.keySet().containsAll(cluster.names())) {
            throw new IllegalArgumentException("this machine does not let us mount a small file system for each node");
        }
        this.cluster = cluster;
        this.operator = operator;
        this.disks = Map.copyOf(disks);
        this.random = random;
    }

    @Override
    public String name() {
        return "full-disk";
    }

    @Override
    public String strike() {
        struck = Target.ONE.choose(cluster, random).get(0);
        long left = random.nextBoolean() ? 0 : BELOW_RESERVE_BYTES;
        disks.get(struck).fill(left);
        return struck + (left == 0 ? ", to the last byte" : ", " + (left >> 20) + " MiB left");
    }

    /** A node that halted when nothing was left is started again. */
    @Override
    public void heal() {
        remedy = "";
        if (struck == null) {
            return;
        }
        String node = struck;
        struck = null;
        disks.get(node).free();
        remedy = operator.bringBack(List.of(node));
    }

    @Override
    public String remedy() {
        return remedy;
    }
}

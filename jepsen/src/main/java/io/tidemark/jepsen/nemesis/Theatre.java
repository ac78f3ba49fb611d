package io.tidemark.jepsen.nemesis;

import io.tidemark.jepsen.cluster.Cluster;
import io.tidemark.jepsen.fault.ObjectStoreProxy;
import io.tidemark.jepsen.fault.SmallDisk;
import io.tidemark.jepsen.plant.Clocks;
import java.util.Map;

/**
 * What nemeses may strike.
 *
 * @param operator brings back what was struck
 * @param disks small file systems by node; empty if none were wanted or allowed
 * @param clocks null if none were wanted
 */
public record Theatre(
        Cluster cluster, Operator operator, ObjectStoreProxy proxy, Map<String, SmallDisk> disks, Clocks clocks) {}

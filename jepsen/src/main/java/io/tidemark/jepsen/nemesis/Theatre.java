package io.tidemark.jepsen.nemesis;

import io.tidemark.jepsen.cluster.Cluster;
import io.tidemark.jepsen.fault.ObjectStoreProxy;
import io.tidemark.jepsen.fault.SmallDisk;
import io.tidemark.jepsen.plant.Clocks;
import java.util.Map;

/**
 * What nemeses may strike.
 *
 * @param disks small file systems by node; empty if none were wanted or allowed
 * @param clocks null if none were wanted
 */
public record Theatre(Cluster cluster, ObjectStoreProxy proxy, Map<String, SmallDisk> disks, Clocks clocks) {}

package io.tidemark.jepsen.run;

import io.tidemark.jepsen.cluster.Cluster;
import io.tidemark.jepsen.cluster.ClusterFile;
import io.tidemark.jepsen.cluster.CommandLine;
import io.tidemark.jepsen.cluster.Distribution;
import io.tidemark.jepsen.cluster.Hosts;
import io.tidemark.jepsen.cluster.Trees;
import io.tidemark.jepsen.cluster.TrialStore;
import io.tidemark.jepsen.fault.ObjectStoreProxy;
import io.tidemark.jepsen.fault.SmallDisk;
import io.tidemark.jepsen.nemesis.Catalogue;
import io.tidemark.jepsen.nemesis.Catalogue.Need;
import io.tidemark.jepsen.nemesis.Operator;
import io.tidemark.jepsen.nemesis.Theatre;
import io.tidemark.jepsen.nemesis.Truce;
import io.tidemark.jepsen.plant.Agent;
import io.tidemark.jepsen.plant.Clocks;
import io.tidemark.jepsen.plant.PlantedFault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A cluster with its hosts, disks and S3 in a temporary directory; all of it is gone when this is closed. */
final class Battlefield implements AutoCloseable {

    /** Of each node's file system, where one is wanted; in memory, as far as it is used. */
    private static final long DISK_BYTES = 900L << 20;

    private static final String CHECKPOINT_LOG_BYTES = "checkpoint-log-bytes";

    private static final Duration TO_CATCH_UP = Duration.ofMinutes(1);

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final Hosts hosts;
    private final Map<String, String> settings;
    private final Truce truce;
    private final Theatre theatre;

    private Battlefield(Path directory, RunOptions options) {
        try {
            open.push(() -> Trees.remove(directory));
            settings = settings(options.seed(), options.longestBlow());
            hosts = opened(Hosts.open(options.nodes()));
            Clocks clocks =
                    needed(options, Need.CLOCKS) ? new Clocks(directory.resolve("clocks"), hosts.names()) : null;
            Path root = directory.resolve("cluster");
            Map<String, SmallDisk> mounted = needed(options, Need.DISKS) ? mount(root) : Map.of();
            CommandLine commands = new CommandLine(
                    Distribution.find(),
                    directory,
                    directory.resolve("commands"),
                    environment(directory, options.planted(), clocks));
            TrialStore store = opened(TrialStore.start(commands, directory.resolve("store")));
            ObjectStoreProxy proxy = opened(ObjectStoreProxy.before(store.port(), hosts.gateway(), options.seed()));
            ClusterFile.S3 s3 = new ClusterFile.S3(proxy.endpoint(), TrialStore.BUCKET, "jepsen", false);
            Cluster cluster = opened(Cluster.found(root, commands, store.data(), hosts, s3, settings));
            truce = new Truce();
            theatre = new Theatre(cluster, new Operator(cluster, truce), proxy, mounted, clocks);
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /** Starts everything and waits until the cluster is ready. */
    static Battlefield open(RunOptions options) {
        return new Battlefield(Leftovers.newDirectory(), options);
    }

    /**
     * Checkpoints are shipped, packed anew and collected all the time. By the lowest bit of the seed there is so little redo
     * that pages are written long before a checkpoint has them, or so much that more of them wait to be written than go
     * together into one flush, after several checkpoints, and a restart has much to do again. By the next bit the nodes keep
     * all pages, or next to none, and S3 has the others. By the third history is kept for ever, or since the last checkpoint but
     * one; then what is given up stays for longer than a blow may keep a node from applying, and a minute to catch up.
     */
    private static Map<String, String> settings(long seed, Duration longestBlow) {
        Map<String, String> settings = new LinkedHashMap<>();
        boolean littleRedo = (seed & 1) == 0;
        settings.put("redo-bytes", littleRedo ? "2MiB" : "16MiB");
        settings.put(CHECKPOINT_LOG_BYTES, String.valueOf(littleRedo ? 4 << 20 : 512 << 10));
        boolean retention = (seed & 4) != 0;
        Duration grace = retention ? longestBlow.plus(TO_CATCH_UP) : Duration.ofSeconds(2);
        settings.put("gc-grace-millis", String.valueOf(grace.toMillis()));
        if ((seed & 2) != 0) {
            settings.put("hot-tier-bytes", "1MiB");
        }
        if (retention) {
            settings.put("retention-checkpoints", "2");
        }
        return settings;
    }

    private static boolean needed(RunOptions options, Need need) {
        return options.nemeses().stream().anyMatch(name -> Catalogue.of(name).need() == need);
    }

    private static Map<String, String> environment(Path directory, Optional<PlantedFault> planted, Clocks clocks) {
        Map<String, String> environment = new LinkedHashMap<>(TrialStore.credentials());
        List<Path> rules = new ArrayList<>();
        planted.ifPresent(fault -> rules.add(fault.rule(directory)));
        if (clocks != null) {
            rules.add(clocks.rule());
        }
        if (!rules.isEmpty()) {
            List<String> arguments = new ArrayList<>(Agent.jvmArguments(rules));
            if (clocks != null) {
                arguments.add(clocks.jvmArgument());
            }
            environment.put("TIDEMARK_DAEMON_JVM_OPTS", String.join(" ", arguments));
        }
        return environment;
    }

    private Map<String, SmallDisk> mount(Path root) {
        Map<String, SmallDisk> disks = new LinkedHashMap<>();
        for (String name : hosts.names()) {
            Optional<SmallDisk> disk = SmallDisk.mount(root.resolve(name), DISK_BYTES);
            disk.ifPresent(mounted -> disks.put(name, opened(mounted)));
        }
        return disks;
    }

    private <T extends AutoCloseable> T opened(T closeable) {
        open.push(closeable);
        return closeable;
    }

    Theatre theatre() {
        return theatre;
    }

    /** Of its nodes, as far as the seed decides them. */
    Map<String, String> settings() {
        return settings;
    }

    /** A checkpoint is due for so much log in S3. */
    long checkpointLogBytes() {
        return Long.parseLong(settings.get(CHECKPOINT_LOG_BYTES));
    }

    /** Of all who strike there. */
    Truce truce() {
        return truce;
    }

    Cluster cluster() {
        return theatre.cluster();
    }

    Hosts hosts() {
        return hosts;
    }

    /** Closes all, whatever fails; throws the first failure. */
    @Override
    public void close() {
        RuntimeException first = null;
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) {
                if (first == null) {
                    first = new IllegalStateException("something of the run could not be removed: " + e, e);
                } else {
                    first.addSuppressed(e);
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }
}

package io.tidemark.jepsen.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.jepsen.checker.VersionOrder.Position;
import io.tidemark.jepsen.cluster.Cluster;
import io.tidemark.jepsen.cluster.CommandLine;
import io.tidemark.jepsen.cluster.Waiting;
import io.tidemark.jepsen.workload.ClientRegisters;
import io.tidemark.jepsen.workload.WatchWorkload;
import io.tidemark.jepsen.workload.WatchWorkload.Told;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Watches by {@code tidemark watch}, beside the cluster. */
record CommandWatcher(Cluster cluster) implements WatchWorkload.Watcher {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** The history of an hour is replayed in minutes. */
    private static final Duration REPLAYED_MAX = Duration.ofMinutes(10);

    private static final Duration LOOK = Duration.ofMillis(200);

    /** The first entry that can hold a change. 0 would mean the first that is kept by the time the command looks. */
    private static final long FIRST = 1;

    @Override
    public WatchWorkload.Feed through(long lsn) {
        long from = kept();
        return new WatchWorkload.Feed(from, told(from, lsn));
    }

    /** The first LSN whose changes are kept. */
    private long kept() {
        return kept(cluster.objects().floor());
    }

    static long kept(long floor) {
        return Math.max(FIRST, floor + 1);
    }

    private List<Told> told(long from, long lsn) {
        return told(cluster.commands()
                .run(REPLAYED_MAX, watch(from, "--until-lsn", Long.toString(lsn)))
                .expectDone()
                .out());
    }

    @Override
    public WatchWorkload.Follower follow() {
        return new Following();
    }

    private String[] watch(long from, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "watch",
                "--dir",
                cluster.directory().toString(),
                "--from-lsn",
                Long.toString(from),
                "--keyspace",
                ClientRegisters.KEYSPACE,
                "--prefix",
                WatchWorkload.PREFIX,
                "--scratch",
                cluster.directory().resolveSibling("watched").toString()));
        arguments.addAll(List.of(more));
        return arguments.toArray(String[]::new);
    }

    /** Whole lines only: the last one of a process that was killed may be torn. */
    private static List<Told> told(String out) {
        List<Told> told = new ArrayList<>();
        for (String line : out.substring(0, out.lastIndexOf('\n') + 1).lines().toList()) {
            try {
                JsonNode change = JSON.readTree(line);
                told.add(new Told(
                        change.path("lsn").asLong() + "." + change.path("index").asLong(),
                        change.path("key").asText(),
                        change.path("value").asText(null)));
            } catch (JsonProcessingException e) {
                throw new AssertionError("no change: " + line, e);
            }
        }
        return told;
    }

    /**
     * A process that goes on until it is killed; where it ends by itself, without S3 perhaps, another goes on from there, or
     * begins anew where what comes next was given up meanwhile.
     */
    private final class Following implements WatchWorkload.Follower {
        private final List<Told> told = new ArrayList<>();
        private final Thread thread = new Thread(this::follow, "follower");
        private long from = FIRST;
        private volatile boolean closed;

        Following() {
            thread.setDaemon(true);
            thread.start();
        }

        private void follow() {
            while (!closed) {
                CommandLine.Running running = cluster.commands().begin(watch(next()));
                while (running.alive() && !closed) {
                    Waiting.pause(LOOK);
                }
                running.close();
                add(told(running.await(REPLAYED_MAX).out()));
            }
        }

        /** The entry of the last change, whose others may have yet to come; or, if that is not kept any more, the first that is. */
        private long next() {
            long reached =
                    told.isEmpty() ? from : position(told.get(told.size() - 1)).lsn();
            long kept = kept();
            if (reached >= kept) {
                return reached;
            }
            told.clear();
            from = kept;
            return kept;
        }

        /** What was told again since another went on is left out. */
        private void add(List<Told> more) {
            Position last = told.isEmpty() ? new Position(-1, 0) : position(told.get(told.size() - 1));
            more.stream().filter(change -> position(change).compareTo(last) > 0).forEach(told::add);
        }

        private static Position position(Told change) {
            return Position.parse(change.position());
        }

        @Override
        public WatchWorkload.Feed through(long lsn) {
            close();
            add(told(next(), lsn));
            return new WatchWorkload.Feed(from, List.copyOf(told));
        }

        @Override
        public void close() {
            closed = true;
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}

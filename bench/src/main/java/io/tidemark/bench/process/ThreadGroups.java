package io.tidemark.bench.process;

import java.util.EnumMap;
import java.util.Map;
import java.util.regex.Pattern;

/** CPU time of a daemon split by what its threads are for. */
public final class ThreadGroups {

    /** What a thread works on; the first whose pattern is found in the thread's name. */
    public enum Group {
        APPLY("apply (state machine updater, engine)", "StateMachineUpdater"),
        ENGINE("engine's own (cleaner, WAL sync)", "engine-"),
        SHIPPER("shipper and S3", "(?i)shipper|sealer|sdk-|s3-|aws"),
        BATCHER("batcher and submit", "(?i)batch|submit|tidemark-raft"),
        HTTP("http", "(?i)jetty|qtp|http|tidemark-face"),
        RAFT_LOG("raft log worker", "SegmentedRaftLogWorker|cacheEviction"),
        RAFT_APPEND("raft appenders", "LogAppender|EventProcessor|appender"),
        RAFT_RPC("raft executors", "-(client|server|impl|proxy|request)-thread|ReplyFlusher|commit"),
        GRPC("grpc and netty", "grpc|ELG|netty|nioEventLoop"),
        JVM(
                "gc and jit",
                "Compiler|GC |G1 |VM (Thread|Periodic)|Sweeper|Monitor Deflation|Reference Handler|Finalizer"),
        OTHER("other, and threads that ended", "");

        private final String label;
        private final Pattern pattern;

        Group(String label, String pattern) {
            this.label = label;
            this.pattern = Pattern.compile(pattern);
        }

        public String label() {
            return label;
        }
    }

    private ThreadGroups() {}

    /** The group of a thread's name. */
    public static Group of(String name) {
        for (Group group : Group.values()) {
            if (group.pattern.matcher(name).find()) {
                return group;
            }
        }
        return Group.OTHER;
    }

    /**
     * CPU nanoseconds per group between two samples of one process. What ended threads used, and what the sum of the
     * threads does not explain, is {@link Group#OTHER}.
     */
    public static Map<Group, Long> between(CpuSample before, CpuSample after, Map<Long, String> names) {
        Map<Group, Long> split = new EnumMap<>(Group.class);
        long explained = 0;
        for (Map.Entry<Long, Long> thread : after.threadNanos().entrySet()) {
            long used = thread.getValue() - before.threadNanos().getOrDefault(thread.getKey(), 0L);
            split.merge(of(names.getOrDefault(thread.getKey(), "")), used, Long::sum);
            explained += used;
        }
        long unexplained = after.processNanos() - before.processNanos() - explained;
        split.merge(Group.OTHER, Math.max(0, unexplained), Long::sum);
        return split;
    }
}

package io.tidemark.bench.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tidemark.bench.process.ThreadGroups.Group;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ThreadGroupsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "n1@group-0B6C7C0D3E9C-StateMachineUpdater | APPLY",
                "n1@group-0B6C7C0D3E9C-SegmentedRaftLogWorker | RAFT_LOG",
                "n1@group-0B6C7C0D3E9C->n2-GrpcLogAppender-LogAppenderDaemon | RAFT_APPEND",
                "grpc-default-worker-ELG-3-1 | GRPC",
                "grpc-default-executor-0 | GRPC",
                "C2 CompilerThread0 | JVM",
                "GC Thread#0 | JVM",
                "G1 Service | JVM",
                "engine-cleaner | ENGINE",
                "engine-wal-sync | ENGINE",
                "tidemark-batcher-1 | BATCHER",
                "n1-1-client-thread7 | RAFT_RPC",
                "main | OTHER"
            })
    void aThreadIsKnownByItsName(String name, Group group) {
        assertEquals(group, ThreadGroups.of(name));
    }

    @Test
    void whatEndedThreadsUsedIsNotLost() {
        CpuSample before = new CpuSample(Map.of(7L, 100L, 8L, 50L), 1000);
        CpuSample after = new CpuSample(Map.of(7L, 400L, 9L, 30L), 2000);
        Map<Group, Long> split = ThreadGroups.between(before, after, Map.of(7L, "x-StateMachineUpdater", 9L, "main"));
        assertEquals(300, split.get(Group.APPLY));
        assertEquals(1000 - 300, split.get(Group.OTHER));
    }

    @Test
    void bothJdksPrintNativeIdsInTheirOwnWay() {
        String print = """
                "n1 x" #12 prio=5 os_prio=0 cpu=1.02ms elapsed=3s tid=0x01 nid=0x1f waiting on condition
                "GC Thread#0" os_prio=0 cpu=1ms elapsed=2s tid=0x02 nid=32 runnable
                """;
        assertEquals(Map.of(31L, "n1 x", 32L, "GC Thread#0"), ThreadNames.parse(print));
    }
}

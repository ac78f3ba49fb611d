package io.tidemark.raft.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.log.Operation;
import io.tidemark.engine.log.Operation.CleanSlice;
import io.tidemark.engine.log.Operation.ExpireSessions;
import io.tidemark.engine.log.Operation.ExpireTransactions;
import io.tidemark.engine.log.Operation.RollbackSlice;
import io.tidemark.engine.log.Reply;
import io.tidemark.engine.log.Reply.Status;
import io.tidemark.engine.log.Version;
import io.tidemark.engine.txn.OpenTransactions;
import io.tidemark.engine.txn.TransactionView;
import io.tidemark.raft.Member;
import io.tidemark.raft.machine.StubEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class UpkeepTest {
    private static final Reply OK = Reply.of(Status.OK, new Version(9, 0), 0);

    private final StubEngine engine = new StubEngine(5, 1);
    private final List<Operation> proposed = new ArrayList<>();
    private final List<CompletableFuture<Reply>> answers = new ArrayList<>();
    private boolean leads = true;
    private boolean trusted = true;
    private long clock = 1000;
    private final Upkeep upkeep =
            new Upkeep(engine, () -> leads, this::propose, () -> trusted, () -> clock, 3_600_000, Runnable::run);

    @Test
    void e6_aLeaderProposesSliceAfterSliceUntilNothingIsLeft() {
        engine.work.add(new RollbackSlice(7, 90, 40));
        engine.work.add(new RollbackSlice(7, 50, 40));
        engine.work.add(new CleanSlice(8, 3, 40));
        List<Operation> all = List.copyOf(engine.work);
        upkeep.look();
        upkeep.look();
        assertEquals(1, proposed.size(), "one at a time");
        for (int i = 0; i < 3; i++) {
            engine.work.poll();
            answers.get(i).complete(OK);
        }
        assertEquals(all, proposed);
        upkeep.look();
        assertEquals(3, proposed.size());
    }

    @Test
    void e6_whatWasNotAgreedOnIsProposedAgainAndOnlyByALeader() {
        engine.work.add(new RollbackSlice(7, 90, 40));
        upkeep.look();
        answers.get(0).completeExceptionally(new IllegalStateException("leadership was lost"));
        leads = false;
        upkeep.look();
        assertEquals(1, proposed.size());
        leads = true;
        upkeep.look();
        assertEquals(2, proposed.size());
    }

    @Test
    void e7_whatIsDueExpiresByAProposalAndOnlyWhileTheClockIsTrusted() {
        engine.transactions = new TransactionView(OpenTransactions.of(List.of(3L)), null, OptionalLong.of(2000));
        upkeep.look();
        clock = 2000;
        trusted = false;
        upkeep.look();
        assertEquals(List.of(), proposed);
        trusted = true;
        upkeep.look();
        assertEquals(List.of(new ExpireTransactions(2000)), proposed);
    }

    @Test
    void e7_sessionsIdleForTooLongExpireByAProposalAndOnlyWhileTheClockIsTrusted() {
        engine.sessionUsedMillis = OptionalLong.of(1000);
        clock = 3_601_000;
        upkeep.look();
        assertEquals(List.of(), proposed, "not longer than the limit yet");
        clock++;
        trusted = false;
        upkeep.look();
        assertEquals(List.of(), proposed);
        trusted = true;
        upkeep.look();
        assertEquals(List.of(new ExpireSessions(1001)), proposed);
        answers.get(0).complete(OK);
        assertEquals(2, proposed.size(), "the engine still has one as idle: the entry ended as many as it may");
        engine.sessionUsedMillis = OptionalLong.empty();
        answers.get(1).complete(OK);
        assertEquals(2, proposed.size());
    }

    @Test
    void m3_aLeaderWithNothingToDoIsSilent() {
        clock = Long.MAX_VALUE;
        upkeep.look();
        assertEquals(List.of(), proposed);
    }

    @Test
    void e7_aClockFarFromMostOthersIsNotTrusted() {
        assertTrue(guard(1_000_000, 1_000_900, 999_200).isNearMedian());
        assertTrue(guard(1_000_000, 1_000_900, 5_000_000).isNearMedian(), "one other may be wrong");
        assertFalse(guard(1_000_000, 1_020_000, 1_021_000).isNearMedian(), "this one is wrong");
        assertFalse(guard(1_000_000, 980_000, 981_000).isNearMedian());
        assertTrue(guard(1_000_000, 1_000_900, -1).isNearMedian(), "one does not answer");
        assertFalse(guard(1_000_000, 1_020_000, -1).isNearMedian());
        assertFalse(guard(1_000_000, -1, -1).isNearMedian(), "nobody answers");
    }

    private static ClockGuard guard(long own, long second, long third) {
        List<Member> members = new ArrayList<>();
        for (String name : List.of("n1", "n2", "n3")) {
            members.add(new Member(name, 1, name + ":1", name + ":2"));
        }
        Map<String, Long> clocks = Map.of("n2:2", second, "n3:2", third);
        return new ClockGuard(
                members.get(0),
                () -> members,
                http -> clocks.get(http) < 0 ? OptionalLong.empty() : OptionalLong.of(clocks.get(http)),
                () -> own);
    }

    private CompletableFuture<Reply> propose(Operation operation) {
        proposed.add(operation);
        CompletableFuture<Reply> answer = new CompletableFuture<>();
        answers.add(answer);
        return answer;
    }
}

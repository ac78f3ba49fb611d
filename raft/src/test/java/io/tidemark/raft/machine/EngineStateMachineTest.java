package io.tidemark.raft.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.Halt;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.log.Command;
import io.tidemark.engine.log.Entry;
import io.tidemark.engine.log.EntryCodec;
import io.tidemark.engine.log.EntryLimits;
import io.tidemark.engine.log.LogEntry;
import io.tidemark.engine.log.Operation;
import io.tidemark.engine.log.Precondition;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.proto.RaftProtos.StateMachineLogEntryProto;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.junit.jupiter.api.Test;

class EngineStateMachineTest {
    private final StubEngine engine = new StubEngine(-1, 0);
    private final List<Long> told = new ArrayList<>();
    private final EngineStateMachine machine = new EngineStateMachine(engine, e -> {}, null, new Events(), Halt.THROW);

    @Test
    void r14_anExceptionWhileApplyingHalts() {
        engine.failure = new IllegalStateException("a bug");
        TidemarkException halted = assertThrows(TidemarkException.class, () -> machine.applyTransaction(delivered(0)));
        assertEquals(ErrorKind.FATAL, halted.kind());
        assertTrue(told.isEmpty());
    }

    /** It waited for a page in S3; the log delivers it again after the next start. */
    @Test
    void ct1_anEntryThatIsBrokenOffBecauseTheNodeEndsHaltsNobody() {
        engine.failure = new TidemarkException(ErrorKind.UNAVAILABLE, "the engine ends");
        assertEquals(
                ErrorKind.FATAL,
                assertThrows(TidemarkException.class, () -> machine.applyTransaction(delivered(0)))
                        .kind());
        engine.ending = true;
        TidemarkException refused = assertThrows(TidemarkException.class, () -> machine.applyTransaction(delivered(0)));
        assertEquals(ErrorKind.UNAVAILABLE, refused.kind());
        assertTrue(told.isEmpty());
    }

    @Test
    void r7_aFailedLogHalts() {
        TidemarkException halted = assertThrows(
                TidemarkException.class, () -> machine.notifyLogFailed(new IOException("no space left"), null));
        assertEquals(ErrorKind.FATAL, halted.kind());
    }

    @Test
    void m4_anEntryDeliveredAgainReachesTheEngineAsTheSameEntry() throws Exception {
        machine.applyTransaction(delivered(0)).get();
        machine.applyTransaction(delivered(1)).get();
        machine.applyTransaction(delivered(1)).get();
        assertEquals(List.of(0L, 1L), engine.applied.stream().map(LogEntry::lsn).toList());
        assertEquals(TermIndex.valueOf(3, 1), machine.getLastAppliedTermIndex());
        assertEquals(List.of(0L, 1L, 1L), told);
    }

    @Test
    void e3_whatNoNodeCouldApplyIsRefusedWithoutTouchingLeadership() throws Exception {
        Proposal tooLarge =
                new Proposal(new Entry(1, List.of(put(EntryLimits.VALUE_BYTES_MAX), put(EntryLimits.VALUE_BYTES_MAX))));
        assertEquals(ErrorKind.INVALID, refusal(tooLarge).kind());
        assertEquals(
                ErrorKind.INVALID,
                refusal(new Proposal(new Entry(1, List.of(put("sys.state", 1)))))
                        .kind());
        assertNull(machine.startTransaction(request(new Proposal(new Entry(1, List.of(put(1))))))
                .getException());
    }

    @Test
    void e3_entriesAreNotTakenOverRaftsPort() throws Exception {
        byte[] foreign = EntryCodec.encode(new Entry(1, List.of(put(1))));
        assertEquals(
                ErrorKind.INVALID,
                refusal(Message.valueOf(ByteString.copyFrom(foreign))).kind());
    }

    @Test
    void e2_anEntryAboveTheStoresPagesIsRefused() throws Exception {
        EngineStateMachine small = new EngineStateMachine(
                engine,
                entry -> {
                    throw new TidemarkException(ErrorKind.INVALID, "too many pages");
                },
                null,
                new Events(),
                Halt.THROW);
        var transaction = small.startTransaction(request(new Proposal(new Entry(1, List.of(put(1))))));
        assertInstanceOf(TidemarkException.class, transaction.getException());
    }

    @Test
    void l1_theLogsBeginningNeverGoesBack() {
        assertNull(machine.getLatestSnapshot());
        machine.logBeginsAfter(TermIndex.valueOf(2, 10));
        assertEquals(TermIndex.valueOf(2, 10), machine.getLatestSnapshot().getTermIndex());
        assertThrows(TidemarkException.class, () -> machine.logBeginsAfter(TermIndex.valueOf(2, 9)));
    }

    private TidemarkException refusal(Message message) throws IOException {
        return (TidemarkException) machine.startTransaction(request(message)).getException();
    }

    private static RaftClientRequest request(Message message) {
        return RaftClientRequest.newBuilder()
                .setClientId(ClientId.randomId())
                .setServerId(RaftPeerId.valueOf("n1-1"))
                .setGroupId(RaftGroupId.randomId())
                .setCallId(1)
                .setMessage(message)
                .setType(RaftClientRequest.writeRequestType())
                .build();
    }

    private static Command put(int bytes) {
        return put("t", bytes);
    }

    private static Command put(String keyspace, int bytes) {
        return Command.of(new Operation.Put(keyspace, new byte[1], new byte[bytes], Precondition.NONE));
    }

    private TransactionContext delivered(long index) {
        byte[] payload = EntryCodec.encode(new Entry(1, List.of(put(1))));
        return TransactionContext.newBuilder()
                .setStateMachine(machine)
                .setServerRole(RaftPeerRole.FOLLOWER)
                .setLogEntry(LogEntryProto.newBuilder()
                        .setTerm(3)
                        .setIndex(index)
                        .setStateMachineLogEntry(
                                StateMachineLogEntryProto.newBuilder().setLogData(ByteString.copyFrom(payload)))
                        .build())
                .build();
    }

    private final class Events extends SilentEvents {
        @Override
        public void applied(LogEntry entry) {
            told.add(entry.lsn());
        }
    }
}

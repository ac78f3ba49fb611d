package io.tidemark.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SessionTest {
    private final Session session = new Session(new Version(5, 0), 0);

    @Test
    void e9_sequencesBeginAtOneAndAreNeverGivenTwice() {
        assertEquals(1, session.next(0));
        assertEquals(2, session.next(0));
        session.settle(1);
        session.settle(2);
        assertEquals(3, session.next(0));
    }

    @Test
    void e9_repliedThroughStopsBeforeTheFirstOutstandingSequence() {
        for (int i = 0; i < 4; i++) {
            session.next(0);
        }
        session.settle(2);
        session.settle(4);
        assertEquals(0, session.repliedThrough());
        session.settle(1);
        assertEquals(2, session.repliedThrough());
        session.settle(3);
        assertEquals(4, session.repliedThrough());
    }

    @Test
    void e9_noSequenceIsGivenBeyondWhatTheClusterRemembers() {
        for (int i = 0; i < Session.WINDOW; i++) {
            assertTrue(session.hasRoom());
            session.next(0);
        }
        assertFalse(session.hasRoom());
        assertThrows(IllegalStateException.class, () -> session.next(0));
        session.settle(2);
        assertFalse(session.hasRoom());
        session.settle(1);
        assertTrue(session.hasRoom());
        assertEquals(Session.WINDOW + 1, session.next(0));
    }

    @Test
    void anyOrderOfRepliesMovesTheWindowToItsEnd() {
        Random random = new Random(7);
        List<Long> outstanding = new ArrayList<>();
        long given = 0;
        for (int round = 0; round < 50_000; round++) {
            if (session.hasRoom() && random.nextInt(3) > 0) {
                outstanding.add(session.next(round));
                given++;
            } else if (!outstanding.isEmpty()) {
                session.settle(outstanding.remove(random.nextInt(outstanding.size())));
            }
            long first = outstanding.isEmpty() ? given + 1 : Collections.min(outstanding);
            assertEquals(first - 1, session.repliedThrough());
        }
    }

    @Test
    void aSessionIsIdleOnlyWhenNothingIsOutstanding() {
        long sequence = session.next(100);
        assertFalse(session.isIdleSince(1000));
        session.settle(sequence);
        assertTrue(session.isIdleSince(1000));
        assertFalse(session.isIdleSince(100));
    }
}

package io.tidemark.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EndpointsTest {
    private static final long SECOND = 1_000_000_000L;
    private final Endpoints endpoints = new Endpoints(List.of("a:1", "b:1", "c:1"));

    @Test
    void theLeaderThatWasNamedComesFirstEvenWhenItIsNotInTheList() {
        endpoints.answered("b:1", "d:1");
        assertEquals("d:1", endpoints.pick(0));
        endpoints.failed("d:1", 0, "refused");
        assertTrue(List.of("a:1", "b:1", "c:1").contains(endpoints.pick(0)));
        assertEquals("refused", endpoints.trouble());
    }

    @Test
    void whoFailedIsLeftAloneForASecond() {
        endpoints.failed("a:1", 0, "refused");
        for (int i = 0; i < 10; i++) {
            assertFalse(endpoints.pick(SECOND / 2).equals("a:1"));
        }
        Set<String> picked = new HashSet<>();
        for (String one : List.of("b:1", "c:1")) {
            picked.add(endpoints.pick(2 * SECOND));
            endpoints.failed(one, 2 * SECOND, "refused");
        }
        picked.add(endpoints.pick(2 * SECOND));
        assertTrue(picked.contains("a:1"));
    }

    @Test
    void whenAllFailedEachIsTriedInTurn() {
        for (String one : endpoints.configured()) {
            endpoints.failed(one, 0, "refused");
        }
        assertFalse(endpoints.anyRested(1));
        Set<String> picked = new HashSet<>();
        for (int i = 0; i < 3; i++) {
            picked.add(endpoints.pick(1));
        }
        assertEquals(Set.copyOf(endpoints.configured()), picked);
    }

    @Test
    void anAnswerEndsTheTrouble() {
        endpoints.failed("a:1", 0, "refused");
        endpoints.answered("a:1", null);
        assertEquals("", endpoints.trouble());
    }
}

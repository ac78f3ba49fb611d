package io.tidemark.daemon.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.error.TidemarkException;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class FreePortsTest {
    @Test
    void whoLooksAtTheSameTimeFindsOthers() {
        List<Integer> first = new FreePorts(new Random(1)).take(7);
        List<Integer> second = new FreePorts(new Random(1)).take(7);
        TreeSet<Integer> both = new TreeSet<>(first);
        both.addAll(second);
        assertEquals(14, both.size(), first + " " + second);
        assertTrue(both.first() >= 20_000 && both.last() < 32_768, both::toString);
    }

    @Test
    void moreThanABlockHasIsRefused() {
        TidemarkException e = assertThrows(TidemarkException.class, () -> new FreePorts(new Random()).take(16));
        assertTrue(e.getMessage().contains("--http-ports"), e.getMessage());
    }
}

package io.tidemark.jepsen.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class CommandWatcherTest {
    /** A floor that rises before the command has started would go unseen behind a 0. */
    @Test
    void asksForTheFirstEntryByItsNumber() {
        assertEquals(1, CommandWatcher.kept(-1));
        assertEquals(1, CommandWatcher.kept(0));
        assertEquals(128, CommandWatcher.kept(127));
    }
}

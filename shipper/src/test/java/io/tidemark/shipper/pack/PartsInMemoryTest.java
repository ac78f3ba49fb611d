package io.tidemark.shipper.pack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.tidemark.shipper.pack.DirectoryRoot.PartRef;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PartsInMemoryTest {
    private static final int PAGES = 10;
    private static final int BYTES = PAGES * DirectoryFormat.ENTRY_BYTES;

    private final List<Integer> read = new ArrayList<>();

    private DirectoryPart get(PartsInMemory parts, int number) {
        return parts.get(new PartRef("parts", number * BYTES, BYTES, number), () -> {
            read.add(number);
            return new DirectoryPart((long) number * PAGES, PAGES);
        });
    }

    @Test
    void whatWasUsedLastIsNotReadAgain() {
        PartsInMemory parts = new PartsInMemory(3 * BYTES);
        DirectoryPart first = get(parts, 1);
        get(parts, 2);
        get(parts, 3);
        assertSame(first, get(parts, 1));
        get(parts, 4);
        assertSame(first, get(parts, 1));
        assertEquals(List.of(1, 2, 3, 4), read);
        get(parts, 3);
        get(parts, 2);
        assertEquals(List.of(1, 2, 3, 4, 2), read, "the second made room for the fourth");
    }

    @Test
    void onePartHasRoomHoweverSmallThatIs() {
        PartsInMemory parts = new PartsInMemory(1);
        get(parts, 1);
        get(parts, 1);
        get(parts, 2);
        get(parts, 1);
        assertEquals(List.of(1, 2, 1), read);
    }
}

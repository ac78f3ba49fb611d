package io.tidemark.engine.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class PageRedoTest {
    private final RedoBuffer redo = new RedoBuffer();
    private final ByteBuffer page = ByteBuffer.allocate(1024);

    @Test
    void aRecordIsItsOperationItsPageAndItsArguments() {
        int at = PageRedo.begin(redo, PageRedo.SET, 0x0102030405060708L);
        redo.putShort(32);
        redo.putLong(9);
        PageRedo.end(redo, at);
        String hex = HexFormat.of().formatHex(redo.array(), 0, redo.length());
        assertEquals("07" + "0102030405060708" + "0000000a" + "0020" + "0000000000000009", hex);
        assertEquals(redo.length(), PageRedo.next(redo.array(), at, redo.length()));
        assertEquals(
                List.of("page 72623859790382856  SET offset 32 to 9"),
                RedoDump.of(ByteBuffer.wrap(redo.array(), 0, redo.length())));
    }

    @Test
    void aRecordThatReachesPastItsBlockIsDamage() {
        int at = PageRedo.begin(redo, PageRedo.DELETE, 3);
        redo.putShort(0);
        PageRedo.end(redo, at);
        assertCorrupt(() -> PageRedo.next(redo.array(), at, redo.length() - 1));
        assertCorrupt(() -> PageRedo.next(redo.array(), at, 5));
        redo.setInt(9, -1);
        assertCorrupt(() -> PageRedo.next(redo.array(), at, redo.length()));
    }

    @Test
    void aRecordThatDoesNotBelongToItsPageIsDamage() {
        format(PageType.LEAF);
        assertCorrupt(() -> apply(99, 0));
        assertCorrupt(() -> apply(PageRedo.DELETE, 0));
        assertCorrupt(() -> apply(PageRedo.REMOVE, 0, 1));
        assertCorrupt(() -> apply(PageRedo.INSERT_MANY, 0, 1, 7));
        assertCorrupt(() -> set(SlottedPage.FIRST_CHILD_OFFSET));
        set(PageHeader.NEXT_OFFSET);
        format(PageType.INNER);
        set(SlottedPage.FIRST_CHILD_OFFSET);
        assertCorrupt(() -> set(SlottedPage.SLOTS_OFFSET));
        format(PageType.META);
        set(MetaPage.NEXT_ID_OFFSET);
        assertCorrupt(() -> set(PageHeader.LSN_OFFSET));
    }

    private void format(PageType type) {
        redo.clear();
        int at = PageRedo.begin(redo, PageRedo.FORMAT, 3);
        redo.putByte(type.code());
        redo.putByte(1);
        PageRedo.end(redo, at);
        PageRedo.apply(redo.array(), at, page);
    }

    private void set(int offset) {
        redo.clear();
        int at = PageRedo.begin(redo, PageRedo.SET, 3);
        redo.putShort(offset);
        redo.putLong(77);
        PageRedo.end(redo, at);
        PageRedo.apply(redo.array(), at, page);
        assertEquals(77, page.getLong(offset));
    }

    private void apply(int op, int... shorts) {
        redo.clear();
        int at = PageRedo.begin(redo, op, 3);
        for (int value : shorts) {
            redo.putShort(value);
        }
        PageRedo.end(redo, at);
        PageRedo.apply(redo.array(), at, page);
    }

    private static void assertCorrupt(Runnable use) {
        assertEquals(
                ErrorKind.CORRUPT,
                assertThrows(TidemarkException.class, use::run).kind());
    }
}

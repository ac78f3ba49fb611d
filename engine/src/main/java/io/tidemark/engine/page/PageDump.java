package io.tidemark.engine.page;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** A page in words, for people: its header, and what its slots hold. Values are told by their length only. */
public final class PageDump {
    private static final int KEY_CHARS_MAX = 60;

    private PageDump() {}

    /** One line for the page, one for its kind, one per record. The page begins at index 0. */
    public static List<String> of(ByteBuffer page) {
        List<String> lines = new ArrayList<>();
        PageType type = PageHeader.type(page);
        lines.add(String.format(
                "page %d  %s  LSN %d  CRC32C %08x (computed %08x)",
                PageHeader.id(page),
                type,
                PageHeader.lsn(page),
                PageHeader.storedCrc(page),
                PageHeader.crc(page.duplicate().clear())));
        switch (type) {
            case META -> lines.add(meta(page));
            case OVERFLOW ->
                lines.add(String.format("content %d B  next page %d", OverflowPage.bytes(page), PageHeader.next(page)));
            case LEAF, INNER -> slots(page, type, lines);
        }
        return lines;
    }

    private static String meta(ByteBuffer page) {
        return String.format(
                "page size %d  max-entry-pages %d  next id %d  free pages %d from %d  catalog root %d",
                MetaPage.pageBytes(page),
                MetaPage.maxEntryPages(page),
                MetaPage.nextId(page),
                MetaPage.freePages(page),
                MetaPage.freeHead(page),
                MetaPage.catalogRoot(page));
    }

    private static void slots(ByteBuffer page, PageType type, List<String> lines) {
        lines.add(String.format(
                "level %d  records %d  free %d B, %d of it garbage  shared key bytes %d  next free page %d",
                SlottedPage.level(page),
                SlottedPage.count(page),
                SlottedPage.free(page),
                page.getInt(SlottedPage.GARBAGE_OFFSET),
                SlottedPage.shared(page),
                PageHeader.next(page)));
        if (type == PageType.INNER) {
            lines.add("  first child " + SlottedPage.firstChild(page));
        }
        for (int slot = 0; slot < SlottedPage.count(page); slot++) {
            String what = type == PageType.LEAF ? value(page, slot) : "child " + InnerRecord.child(page, slot + 1);
            lines.add(String.format(
                    "  %d at %d, %d B: %s  %s",
                    slot,
                    SlottedPage.offset(page, slot),
                    SlottedPage.length(page, slot),
                    printable(Keys.key(page, slot)),
                    what));
        }
    }

    private static String value(ByteBuffer page, int slot) {
        String value = LeafRecord.isOverflow(page, slot)
                ? LeafRecord.reference(page, slot).toString()
                : "value of " + LeafRecord.inlineBytes(page, slot) + " B";
        return "version " + LeafRecord.version(page, slot) + "  " + value;
    }

    /** Text in quotes when all of it is printable ASCII, hex otherwise; long keys are cut. */
    private static String printable(byte[] key) {
        boolean ascii = true;
        for (byte b : key) {
            ascii &= b >= ' ' && b <= '~';
        }
        String text = ascii
                ? '"' + new String(key, StandardCharsets.US_ASCII) + '"'
                : HexFormat.of().formatHex(key);
        return text.length() <= KEY_CHARS_MAX ? text : text.substring(0, KEY_CHARS_MAX) + "...";
    }
}

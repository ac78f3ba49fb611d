package io.tidemark.recovery;

import io.tidemark.engine.PageCut;
import io.tidemark.engine.StorageEngine;
import io.tidemark.engine.io.DiskFile;
import io.tidemark.engine.store.PageImage;
import io.tidemark.shipper.pack.DirectoryRoot;
import io.tidemark.shipper.pack.PageDirectory;
import io.tidemark.shipper.pack.PagePlace;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Holds a checkpoint against an engine that was brought to its LSN by entries alone: every page must have the LSN and CRC
 * that the directory says. Nothing is applied meanwhile.
 */
final class CheckpointProof {
    private static final int SHOWN = 5;

    private final PageDirectory directory;
    private final List<String> differences = new ArrayList<>();
    private List<PagePlace> part = List.of();
    private int partIndex = -1;
    private long pages;

    private CheckpointProof(PageDirectory directory) {
        this.directory = directory;
    }

    /** What is different, in words; empty when the pages are the same. */
    static List<String> differences(StorageEngine engine, PageDirectory directory) {
        return new CheckpointProof(directory).compare(engine);
    }

    private List<String> compare(StorageEngine engine) {
        DirectoryRoot root = directory.root();
        try (PageCut cut = engine.cut(-1, new NoScratch())) {
            require("LSN", root.lsn(), cut.lsn());
            require("term", root.term(), cut.state().term());
            require("redo chain", root.redoChain(), cut.state().redoChain());
            require("page ids", root.pageIds(), cut.pageIds());
            if (differences.isEmpty()) {
                cut.forEachChanged(this::compare);
                require("pages", root.pageIds(), pages);
            }
        }
        return differences;
    }

    private void require(String what, long shipped, long replayed) {
        if (shipped != replayed) {
            note(what + " " + shipped + ", a replay gives " + replayed);
        }
    }

    private void compare(PageImage image) {
        int index = (int) (image.pageId() / directory.root().pagesPerPart());
        if (index != partIndex) {
            part = directory.placesOf(index);
            partIndex = index;
        }
        PagePlace place = part.get((int) (image.pageId() % directory.root().pagesPerPart()));
        if (place.pageLsn() != image.pageLsn() || place.crc() != image.crc()) {
            note(String.format(
                    Locale.ROOT,
                    "page %d of LSN %d, CRC %08x, a replay gives LSN %d, CRC %08x",
                    place.pageId(),
                    place.pageLsn(),
                    place.crc(),
                    image.pageLsn(),
                    image.crc()));
        }
        pages++;
    }

    private void note(String difference) {
        if (differences.size() < SHOWN) {
            differences.add("checkpoint " + directory.name() + " has " + difference);
        }
    }

    /** Nothing changes while the pages are read, so none is put aside. */
    private static final class NoScratch implements DiskFile {
        @Override
        public int read(ByteBuffer target, long position) {
            return 0;
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            throw new IOException("nothing is to be written here");
        }

        @Override
        public void sync() {}

        @Override
        public void truncate(long size) {}

        @Override
        public long size() {
            return 0;
        }

        @Override
        public void close() {}
    }
}

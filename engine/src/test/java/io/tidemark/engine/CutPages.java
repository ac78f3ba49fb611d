package io.tidemark.engine;

import io.tidemark.engine.io.DiskFile;
import io.tidemark.engine.io.SimulatedDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.TreeMap;

/** Cuts of an engine, read to their end. */
final class CutPages {
    private CutPages() {}

    static DiskFile scratch() {
        return scratch(new SimulatedDisk());
    }

    static DiskFile scratch(SimulatedDisk disk) {
        try {
            disk.createDirectories(Path.of("/scratch"));
            return disk.open(Path.of("/scratch/cut"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Page id to the page's bytes. */
    static TreeMap<Long, ByteBuffer> changed(PageCut cut) {
        TreeMap<Long, ByteBuffer> pages = new TreeMap<>();
        cut.forEachChanged(image -> {
            if (!pages.isEmpty() && pages.lastKey() >= image.pageId()) {
                throw new AssertionError("page " + image.pageId() + " after " + pages.lastKey());
            }
            byte[] copy = new byte[image.bytes().remaining()];
            image.bytes().duplicate().get(copy);
            pages.put(image.pageId(), ByteBuffer.wrap(copy));
        });
        return pages;
    }

    /** All pages of the engine as it is now. */
    static TreeMap<Long, ByteBuffer> now(Engine engine) {
        return now(engine, -1);
    }

    static TreeMap<Long, ByteBuffer> now(Engine engine, long base) {
        try (PageCut cut = engine.cut(base, scratch())) {
            return changed(cut);
        }
    }
}

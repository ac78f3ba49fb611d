package io.tidemark.daemon.inspect;

import io.tidemark.daemon.restore.DirectoryTree;
import io.tidemark.engine.EngineFiles;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.Halt;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.io.Disk;
import io.tidemark.engine.io.RealDisk;
import io.tidemark.engine.page.PageDump;
import io.tidemark.engine.page.PageHeader;
import io.tidemark.engine.store.CheckpointRecord;
import io.tidemark.engine.store.FilePageStore;
import io.tidemark.engine.store.LmdbPageTable;
import io.tidemark.engine.store.PageFileListing;
import io.tidemark.engine.store.PageTable;
import io.tidemark.engine.wal.WalListing;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Consumer;

/** Files of a node's {@code engine} directory; of a node that is down, or they may change while they are read. */
public final class EngineFile {
    private final Consumer<String> out;
    private final Disk disk = new RealDisk();
    private long damaged;

    public EngineFile(Consumer<String> out) {
        this.out = out;
    }

    /** How many damaged things were met. */
    public long damaged() {
        return damaged;
    }

    /** A file of {@code engine/wal}: a line per block. */
    public void wal(Path file) {
        WalListing.End end = WalListing.read(disk, file.toAbsolutePath(), this::header, this::block);
        if (end.bytesBehind() == 0) {
            out.accept("the file ends with a whole block at offset " + end.offset());
            return;
        }
        out.accept("the whole blocks end at offset " + end.offset() + "; " + end.bytesBehind()
                + " bytes behind it belong to none"
                + (end.syncedLsnBehind() < 0
                        ? ", as after a crash in the middle of a write"
                        : ", but blocks among them know of a sync through LSN " + end.syncedLsnBehind()));
        if (end.syncedLsnBehind() >= 0) {
            damaged++;
        }
    }

    private void header(WalListing.Header header) {
        out.accept("WAL file from LSN " + header.firstLsn() + "; before it: term " + header.termBefore()
                + ", redo chain " + HexFormat.of().toHexDigits(header.chainBefore()) + ", synced through LSN "
                + header.syncedLsn() + ", " + header.bytesBefore() + " bytes in earlier files");
    }

    private void block(WalListing.Block block) {
        String what = block.endMark() ? "clean end" : block.redoBytes() + " bytes of redo";
        out.accept("  at " + block.offset() + ": LSN " + block.lsn() + " (term " + block.term() + "), " + what
                + ", chain before "
                + HexFormat.of().toHexDigits(block.chainBefore()) + ", synced through " + block.syncedLsn()
                + (block.continues() ? "" : "  DOES NOT CONTINUE the block before"));
        if (!block.continues()) {
            damaged++;
        }
    }

    /** {@code engine/pages.dat}: every image in it, or those of one page with their records. */
    public void pages(Path file, Optional<Long> pageId) {
        out.accept("page file of pages of " + PageFileListing.pageBytes(disk, file.toAbsolutePath()) + " bytes");
        PageFileListing.read(disk, file.toAbsolutePath(), slot -> {
            if (slot.wrong() != null) {
                damaged++;
                out.accept("  slot " + slot.slot() + ": DAMAGED, " + slot.wrong());
            } else if (pageId.isEmpty()) {
                out.accept("  slot " + slot.slot() + ": "
                        + PageDump.of(slot.page()).get(0));
            } else if (PageHeader.id(slot.page()) == pageId.get()) {
                out.accept("slot " + slot.slot());
                PageDump.of(slot.page()).forEach(line -> out.accept("  " + line));
            }
        });
    }

    /** A whole {@code engine} directory: its checkpoint, and every page that its table names, checked against the table. */
    public void store(Path directory) {
        EngineFiles files = new EngineFiles(directory.toAbsolutePath());
        if (!Files.exists(files.table()) || !Files.exists(files.pages())) {
            throw new TidemarkException(
                    ErrorKind.NOT_FOUND,
                    directory + " is no store: it has no pages.dat and table/; name a node's engine");
        }
        // LMDB writes to its directory even to read it, so a copy is opened.
        Path copy = temporary();
        try {
            DirectoryTree.copy(files.table(), copy.resolve("table"));
            store(files, copy.resolve("table"));
        } finally {
            DirectoryTree.remove(copy);
        }
    }

    private void store(EngineFiles files, Path tableCopy) {
        int pageBytes = PageFileListing.pageBytes(disk, files.pages());
        PageTable table = new LmdbPageTable(disk, tableCopy, LmdbPageTable.MAP_BYTES, Halt.THROW);
        try (FilePageStore store =
                new FilePageStore(disk, files.pages(), FilePageStore.Options.of(pageBytes), table, Halt.THROW)) {
            CheckpointRecord checkpoint = store.checkpoint();
            out.accept("store of " + store.pages() + " pages of " + pageBytes + " bytes; the page file has "
                    + store.fileBytes() + " bytes");
            out.accept("checkpoint: LSN " + checkpoint.applied() + " (term " + checkpoint.term() + "), redo chain "
                    + HexFormat.of().toHexDigits(checkpoint.chain()) + "; redo begins at LSN "
                    + checkpoint.redoStart());
            table.forEach(row -> page(store, row, pageBytes));
        }
        out.accept(damaged == 0 ? "every page is what the table says" : damaged + " pages are DAMAGED");
    }

    private void page(FilePageStore store, PageTable.Row row, int pageBytes) {
        if (row.slot() == PageTable.Row.EVICTED) {
            out.accept("  page " + row.pageId() + ": not on this disk, LSN " + row.pageLsn());
            return;
        }
        try {
            ByteBuffer page = ByteBuffer.allocate(pageBytes);
            store.read(row.pageId(), page);
            out.accept("  slot " + row.slot() + ": " + PageDump.of(page.clear()).get(0));
        } catch (TidemarkException e) {
            damaged++;
            out.accept("  page " + row.pageId() + ": DAMAGED, " + e.getMessage());
        }
    }

    private static Path temporary() {
        try {
            return Files.createTempDirectory("tidemark-inspect");
        } catch (IOException e) {
            throw new TidemarkException(
                    ErrorKind.UNAVAILABLE, "cannot make a temporary directory: " + e.getMessage(), e);
        }
    }
}

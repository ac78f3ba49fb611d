package io.tidemark.shipper.checkpoint;

import io.tidemark.engine.PageCut;
import io.tidemark.engine.StorageEngine.Checkpoint;
import io.tidemark.engine.StorageEngine.State;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.io.DiskFile;
import io.tidemark.engine.store.PageImage;
import io.tidemark.shipper.pack.DirectoryBuilder;
import io.tidemark.shipper.pack.DirectoryRoot;
import io.tidemark.shipper.pack.PackName;
import io.tidemark.shipper.pack.PackName.Kind;
import io.tidemark.shipper.pack.PackReader;
import io.tidemark.shipper.pack.PackWriter;
import io.tidemark.shipper.pack.PageDirectory;
import io.tidemark.shipper.pack.PagePlace;
import io.tidemark.shipper.pack.SealedPack;
import io.tidemark.shipper.store.Hashes;
import io.tidemark.shipper.store.ObjectStore;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Makes the objects of one checkpoint in the scratch directory: {@link #cut} packs what changed since the base, {@link
 * #build} makes the directory. Used by one thread.
 */
final class CheckpointWork {
    private final String history;
    private final Checkpoint base;
    private final CheckpointScratch scratch;
    private final int packBytes;
    private final LongSupplier random;
    private final BooleanSupplier dismissed;
    private final MessageDigest content = Hashes.sha256();
    private final List<PackName> packs = new ArrayList<>();
    private final BitSet changed = new BitSet();
    private PackWriter writer;
    private State at;
    private int pageBytes;
    private long pageIds;
    private byte[] contentHash;

    /**
     * @param base the checkpoint to go on from
     * @param random numbers for keys, not negative
     * @param dismissed whether to give up
     */
    CheckpointWork(
            String history,
            Checkpoint base,
            CheckpointScratch scratch,
            int packBytes,
            LongSupplier random,
            BooleanSupplier dismissed) {
        this.history = history;
        this.base = base;
        this.scratch = scratch;
        this.packBytes = packBytes;
        this.random = random;
        this.dismissed = dismissed;
    }

    Checkpoint base() {
        return base;
    }

    /** Where it was cut. */
    long lsn() {
        return at.applied();
    }

    /** Packs the changed pages; the state that they belong to goes on changing meanwhile. */
    void cut(CutSource source) {
        scratch.clear();
        try (DiskFile versions = scratch.versions();
                PageCut cut = source.cut(base.lsn(), versions)) {
            at = cut.state();
            pageBytes = cut.pageBytes();
            pageIds = cut.pageIds();
            cut.forEachChanged(this::add);
            if (writer != null) {
                endPack();
            }
        } catch (IOException e) {
            throw new TidemarkException(
                    ErrorKind.UNAVAILABLE, "the file of page versions does not close: " + e.getMessage(), e);
        }
        contentHash = content.digest();
    }

    private void add(PageImage image) {
        if (dismissed.getAsBoolean()) {
            throw new TidemarkException(ErrorKind.UNAVAILABLE, "the checkpoint is abandoned: another node leads");
        }
        if (writer == null) {
            writer = newWriter();
        }
        writer.add(image);
        changed.set(Math.toIntExact(image.pageId()));
        content.update(image.bytes().duplicate());
        if (writer.plainBytes() >= packBytes) {
            endPack();
        }
    }

    private PackWriter newWriter() {
        return new PackWriter(new PackName(history, Kind.PACK, at.applied(), random.getAsLong()), pageBytes);
    }

    private void endPack() {
        SealedPack pack = writer.finish();
        writer = null;
        scratch.add(pack.name().key(), pack.bytes());
        packs.add(pack.name());
    }

    /**
     * Makes the directory over that of the base, and what will name the checkpoint. May be called again.
     *
     * @param sparse packs whose pages, as far as they did not change, are packed anew
     */
    Checkpoint build(ObjectStore store, List<String> sparse) {
        scratch.cut(packs.size());
        Optional<PageDirectory> before = base.lsn() < 0
                ? Optional.empty()
                : Optional.of(PageDirectory.open(store, base.directory(), base.sha256()));
        before.ifPresent(this::requireBase);
        DirectoryBuilder builder = new DirectoryBuilder(
                before,
                history,
                at.applied(),
                pageIds,
                random,
                parts -> scratch.add(parts.name().key(), parts.bytes()));
        List<PagePlace> carried = before.isPresent() && !sparse.isEmpty()
                ? new CarriedPages(before.get(), changed).pack(sparse, packBytes, this::newWriter, scratch)
                : List.of();
        addInOrder(builder, carried);
        DirectoryRoot.Base from = base.lsn() < 0
                ? DirectoryRoot.Base.NONE
                : new DirectoryRoot.Base(base.lsn(), base.directory(), base.bytes(), base.sha256());
        DirectoryRoot root =
                builder.finish(new DirectoryBuilder.Facts(at.term(), at.redoChain(), from, pageBytes, contentHash));
        PackName name = new PackName(history, Kind.ROOT, at.applied(), random.getAsLong());
        byte[] bytes = root.encode();
        scratch.add(name.key(), bytes);
        return new Checkpoint(
                at.applied(), base.lsn(), at.term(), at.redoChain(), name.key(), bytes.length, Hashes.sha256Hex(bytes));
    }

    /** Pack by pack: there may be a million places. Page ids ascend over the packs as within each. */
    private void addInOrder(DirectoryBuilder builder, List<PagePlace> carried) {
        int next = 0;
        for (int i = 0; i < packs.size(); i++) {
            for (PagePlace place :
                    PackReader.open(packs.get(i), scratch.read(i)).places()) {
                for (; next < carried.size() && carried.get(next).pageId() < place.pageId(); next++) {
                    builder.carry(carried.get(next));
                }
                builder.add(place);
            }
        }
        carried.subList(next, carried.size()).forEach(builder::carry);
    }

    private void requireBase(PageDirectory before) {
        DirectoryRoot root = before.root();
        if (root.lsn() != base.lsn() || root.redoChain() != base.redoChain() || root.pageBytes() != pageBytes) {
            throw new TidemarkException(
                    ErrorKind.CORRUPT, "the root " + before.name() + " is not that of " + base + ": it says " + root);
        }
    }
}

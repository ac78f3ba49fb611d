package io.tidemark.shipper.tier;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.shipper.segment.SegmentName;
import io.tidemark.shipper.store.ObjectStore;
import io.tidemark.shipper.store.PutOutcome;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An object store with copies of log segments on this node's disk in front of it. A segment that is put is kept, one that
 * is read comes from its copy if that is right, else from S3, by range if a range is asked for; nothing is fetched whole
 * because a part of it was read. All else is the store's. What it answers is what the store behind it would, objects never
 * changing; questions that S3 alone can answer (listings, heads) are not answered from here.
 *
 * <p>The copies are of no importance: where they fail, S3 is asked.
 */
public final class TieredStore implements ObjectStore {
    private static final Logger LOG = LoggerFactory.getLogger(TieredStore.class);

    private final ObjectStore s3;
    private final SegmentTiers tiers;
    private final TierWork work;
    private volatile boolean broken;

    /** @param work keeps copies behind the back of whoever puts, and is closed by whoever made it, as {@code s3} is */
    public TieredStore(ObjectStore s3, SegmentTiers tiers, TierWork work) {
        this.s3 = s3;
        this.tiers = tiers;
        this.work = work;
    }

    @Override
    public PutOutcome putIfAbsent(String key, byte[] bytes) {
        PutOutcome outcome = s3.putIfAbsent(key, bytes);
        if (outcome == PutOutcome.CREATED || outcome == PutOutcome.ALREADY_OURS) {
            SegmentName.parse(key).ifPresent(name -> work.keep(name, bytes));
        }
        return outcome;
    }

    @Override
    public Optional<byte[]> get(String key) {
        Optional<SegmentName> segment = SegmentName.parse(key);
        Optional<byte[]> copy = segment.flatMap(this::copy);
        if (copy.isPresent()) {
            return copy;
        }
        Optional<byte[]> bytes = s3.get(key);
        segment.ifPresent(name -> bytes.ifPresent(b -> used(tiers -> {
            tiers.fetched(name, b);
            return true;
        })));
        return bytes;
    }

    @Override
    public Optional<byte[]> getRange(String key, long offset, int length) {
        Optional<byte[]> copy = SegmentName.parse(key)
                .flatMap(this::copy)
                .filter(bytes -> offset >= 0 && length > 0 && offset + length <= bytes.length);
        return copy.isPresent()
                ? copy.map(bytes -> Arrays.copyOfRange(bytes, (int) offset, (int) offset + length))
                : s3.getRange(key, offset, length);
    }

    private Optional<byte[]> copy(SegmentName name) {
        return used(t -> t.read(name)).flatMap(found -> found);
    }

    /** Empty when the tiers fail; once their catalog is damaged they are not used any more. */
    private <T> Optional<T> used(Function<SegmentTiers, T> use) {
        if (broken) {
            return Optional.empty();
        }
        try {
            return Optional.of(use.apply(tiers));
        } catch (TidemarkException e) {
            broken = e.kind() == ErrorKind.CORRUPT;
            LOG.error(
                    "{}: {}",
                    broken ? "no copies of segments are used until the next start" : "a copy is not used",
                    e.getMessage());
            return Optional.empty();
        }
    }

    @Override
    public Optional<ObjectInfo> head(String key) {
        return s3.head(key);
    }

    @Override
    public Page page(String prefix, String startAfter) {
        return s3.page(prefix, startAfter);
    }

    @Override
    public List<String> folders(String prefix) {
        return s3.folders(prefix);
    }

    /** The copy goes with the object. */
    @Override
    public void delete(String key) {
        s3.delete(key);
        SegmentName.parse(key)
                .ifPresent(name -> used(t -> {
                    t.forget(name);
                    return true;
                }));
    }

    /** Leaves the store behind it open. */
    @Override
    public void close() {}
}

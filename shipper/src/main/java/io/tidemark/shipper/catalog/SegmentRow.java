package io.tidemark.shipper.catalog;

import io.tidemark.shipper.segment.SegmentName;

/**
 * What a node knows about one segment in S3. Times are those of the node's wall clock, in milliseconds since the epoch.
 *
 * @param tier as it was last decided; COLD exactly when {@code local} is false
 * @param local whether this node has a copy
 * @param bytes of the object; -1 when a listing could not tell
 * @param sha256 of the object, hex; null as long as this node has not seen its bytes, which it has of every copy
 * @param madeMillis when this node came to know it
 * @param accessMillis when an entry of it was last read here, or a copy last fetched; 0 for never
 * @param reads how often it was read since {@code readsSinceMillis}, older reads counting for less
 * @param keptUntilMillis until then the copy stays, by hand; 0 for no such wish
 */
public record SegmentRow(
        SegmentName name,
        Tier tier,
        boolean local,
        long bytes,
        String sha256,
        long madeMillis,
        long accessMillis,
        long reads,
        long readsSinceMillis,
        long keptUntilMillis) {

    public SegmentRow {
        if (local == (tier == Tier.COLD) || local && (bytes < 0 || sha256 == null)) {
            throw new IllegalArgumentException("no such row: " + name + " " + tier + ", local " + local + ", " + bytes
                    + " bytes, SHA-256 " + sha256);
        }
    }

    /** One that is known to be in S3, and no more. */
    public static SegmentRow inS3(SegmentName name, long bytes, long nowMillis) {
        return new SegmentRow(name, Tier.COLD, false, bytes, null, nowMillis, 0, 0, 0, 0);
    }

    /** With a copy. */
    public SegmentRow kept(long size, String hash, long nowMillis) {
        return new SegmentRow(
                name, Tier.HOT, true, size, hash, madeMillis, nowMillis, reads, readsSinceMillis, keptUntilMillis);
    }

    /** Its copy is lost, against anybody's wish. */
    public SegmentRow lost() {
        return new SegmentRow(
                name,
                Tier.COLD,
                false,
                bytes,
                sha256,
                madeMillis,
                accessMillis,
                reads,
                readsSinceMillis,
                keptUntilMillis);
    }

    /** Without its copy; what was counted and wished is over with it. */
    public SegmentRow dropped() {
        return new SegmentRow(name, Tier.COLD, false, bytes, sha256, madeMillis, accessMillis, 0, 0, 0);
    }

    /** In another tier, its copy where it is. */
    public SegmentRow moved(Tier to) {
        return new SegmentRow(
                name, to, local, bytes, sha256, madeMillis, accessMillis, reads, readsSinceMillis, keptUntilMillis);
    }

    /** After so many more reads, the last of them at {@code lastMillis}. */
    public SegmentRow read(long more, long firstMillis, long lastMillis) {
        return new SegmentRow(
                name,
                tier,
                local,
                bytes,
                sha256,
                madeMillis,
                Math.max(accessMillis, lastMillis),
                reads + more,
                reads == 0 ? firstMillis : readsSinceMillis,
                keptUntilMillis);
    }

    /** Half of the reads in half of the time: the rate stays, and what is long ago counts for less. */
    public SegmentRow aged(long nowMillis) {
        return new SegmentRow(
                name,
                tier,
                local,
                bytes,
                sha256,
                madeMillis,
                accessMillis,
                reads / 2,
                nowMillis - (nowMillis - readsSinceMillis) / 2,
                keptUntilMillis);
    }

    /** Its copy stays until then at least. */
    public SegmentRow keptUntil(long millis) {
        return new SegmentRow(
                name,
                tier,
                local,
                bytes,
                sha256,
                madeMillis,
                accessMillis,
                reads,
                readsSinceMillis,
                Math.max(keptUntilMillis, millis));
    }

    /** When it was last made or read. */
    public long touchedMillis() {
        return Math.max(madeMillis, accessMillis);
    }
}

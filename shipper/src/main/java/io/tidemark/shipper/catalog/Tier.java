package io.tidemark.shipper.catalog;

import java.util.Locale;

/** How near a segment is to whoever reads it. */
public enum Tier {
    /** On this node's disk: made or read of late, read often, or kept there by hand. */
    HOT,
    /** On this node's disk, though nobody has asked for it for a while. */
    WARM,
    /** In S3 only. */
    COLD;

    /** As in JSON. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}

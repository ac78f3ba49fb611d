package io.tidemark.shipper.segment;

import java.util.HexFormat;

/**
 * A finished segment on its way to S3.
 *
 * @param bytes the object
 * @param sha256 of {@code bytes}
 */
public record SealedSegment(SegmentName name, byte[] bytes, byte[] sha256, SegmentFooter footer) {
    public String sha256Hex() {
        return HexFormat.of().formatHex(sha256);
    }
}

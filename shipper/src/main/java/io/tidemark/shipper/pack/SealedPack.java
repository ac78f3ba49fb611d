package io.tidemark.shipper.pack;

import java.util.HexFormat;
import java.util.List;

/**
 * A finished pack on its way to S3.
 *
 * @param bytes the object
 * @param contentHash SHA-256 over the plain pages, 32 bytes (rule CT8)
 * @param places of its images, ids ascending
 */
public record SealedPack(PackName name, byte[] bytes, byte[] contentHash, List<PagePlace> places) {
    public SealedPack {
        places = List.copyOf(places);
    }

    public String contentHashHex() {
        return HexFormat.of().formatHex(contentHash);
    }
}

package io.tidemark.shipper.pack;

import io.tidemark.shipper.pack.PackName.Kind;
import java.util.List;

/** What the golden directory holds. */
final class DirectoryGolden {
    private static final String FIRST = new PackName(Pages.HISTORY, Kind.PACK, 50, 5).key();
    private static final String SECOND = new PackName(Pages.HISTORY, Kind.PACK, 70, 6).key();

    static final List<PagePlace> PLACES = List.of(
            new PagePlace(0, SECOND, 64, 400, 69, 0x01234567),
            new PagePlace(1, FIRST, 464, 3_000, 12, 0x89abcdef),
            new PagePlace(2, SECOND, 464, 1_000, 70, -1));

    private DirectoryGolden() {}

    static DirectoryRoot root(List<DirectoryRoot.PartRef> parts, byte[] contentHash) {
        DirectoryRoot.Base base =
                new DirectoryRoot.Base(50, new PackName(Pages.HISTORY, Kind.ROOT, 50, 4).key(), 512, "cd".repeat(32));
        return new DirectoryRoot(Pages.HISTORY, 70, 3, 0xfedcba9876543210L, base, 8192, 3, 1024, 2, contentHash, parts);
    }

    static DirectoryPart part() {
        DirectoryPart part = new DirectoryPart(0, 3);
        PLACES.forEach(part::put);
        return part;
    }
}

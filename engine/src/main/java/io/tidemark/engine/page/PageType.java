package io.tidemark.engine.page;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;

/** What a page holds. The code is part of the page format. */
public enum PageType {
    /** Page 0: store constants, allocation, the catalog's root. */
    META(1),
    /** Records of a tree. */
    LEAF(2),
    /** Separators and children of a tree. */
    INNER(3),
    /** Part of a value too large for a leaf. */
    OVERFLOW(4);

    private final int code;

    PageType(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    public static PageType of(int code) {
        return switch (code) {
            case 1 -> META;
            case 2 -> LEAF;
            case 3 -> INNER;
            case 4 -> OVERFLOW;
            default -> throw new TidemarkException(ErrorKind.CORRUPT, "unknown page type " + code);
        };
    }
}

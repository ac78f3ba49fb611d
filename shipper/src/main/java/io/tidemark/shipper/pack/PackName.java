package io.tidemark.shipper.pack;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.shipper.segment.SegmentName;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Keys of the objects of a checkpoint: {@code <history>/pages/<lsn>-<n>.pack}, {@code <history>/pages/<lsn>-<n>.parts} and
 * {@code <history>/checkpoint/<lsn>-<n>.root}; both numbers are padded to 20 digits.
 *
 * @param lsn of the checkpoint
 * @param n drawn at random, so that an object that nobody named is never taken for another (rule X2)
 */
public record PackName(String history, Kind kind, long lsn, long n) {
    private static final Pattern FORM =
            Pattern.compile("([^/]+)/(pages|checkpoint)/(\\d{20})-(\\d{20})\\.(pack|parts|root)");

    /** What an object holds. */
    public enum Kind {
        /** Images of pages. */
        PACK("pages", "pack"),
        /** Parts of a directory. */
        PARTS("pages", "parts"),
        /** The root of a directory. */
        ROOT("checkpoint", "root");

        private final String folder;
        private final String ending;

        Kind(String folder, String ending) {
            this.folder = folder;
            this.ending = ending;
        }

        /** What the keys of a history's objects of this kind start with; other kinds may lie there too. */
        public String folder(String history) {
            return history + "/" + folder + "/";
        }
    }

    public PackName {
        if (lsn < 0 || n < 0) {
            throw new TidemarkException(ErrorKind.INVALID, "no object of a checkpoint is called " + lsn + "-" + n);
        }
    }

    public String key() {
        return kind.folder(history) + SegmentName.padded(lsn) + "-" + SegmentName.padded(n) + "." + kind.ending;
    }

    /** Empty for a key of another form. */
    public static Optional<PackName> parse(String key) {
        Matcher matcher = FORM.matcher(key);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        for (Kind kind : Kind.values()) {
            if (kind.folder.equals(matcher.group(2)) && kind.ending.equals(matcher.group(5))) {
                return parse(matcher, kind);
            }
        }
        return Optional.empty();
    }

    private static Optional<PackName> parse(Matcher matcher, Kind kind) {
        try {
            return Optional.of(new PackName(
                    matcher.group(1), kind, Long.parseLong(matcher.group(3)), Long.parseLong(matcher.group(4))));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return key();
    }
}

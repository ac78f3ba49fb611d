package io.tidemark.shipper.segment;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Key of a segment: {@code <history>/log/<first>-<last>.seg}, numbers padded to 20 digits so that listing is ordering.
 */
public record SegmentName(String history, long first, long last) {
    private static final Pattern FORM = Pattern.compile("([^/]+)/log/(\\d{20})-(\\d{20})\\.seg");

    public SegmentName {
        if (first < 0 || last < first) {
            throw new TidemarkException(ErrorKind.INVALID, "a segment cannot hold LSN " + first + " to " + last);
        }
    }

    /** What the keys of a history's segments start with. */
    public static String folder(String history) {
        return history + "/log/";
    }

    /** The number as it stands in keys. */
    public static String padded(long lsn) {
        return String.format(Locale.ROOT, "%020d", lsn);
    }

    public String key() {
        return folder(history) + padded(first) + "-" + padded(last) + ".seg";
    }

    /** Empty for a key of another form. */
    public static Optional<SegmentName> parse(String key) {
        Matcher matcher = FORM.matcher(key);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new SegmentName(
                    matcher.group(1), Long.parseLong(matcher.group(2)), Long.parseLong(matcher.group(3))));
        } catch (NumberFormatException | TidemarkException e) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return key();
    }
}

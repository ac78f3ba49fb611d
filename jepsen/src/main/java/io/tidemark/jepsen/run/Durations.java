package io.tidemark.jepsen.run;

import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Times on the command line: {@code 90}, {@code 90s}, {@code 5m}, {@code 1h}, {@code 20ms}. */
final class Durations implements ITypeConverter<Duration> {

    @Override
    public Duration convert(String text) {
        String number = text.replaceFirst("(ms|s|m|h)$", "");
        if (!number.matches("[0-9]{1,9}")) {
            throw new TypeConversionException("a time is 90, 90s, 5m, 1h or 20ms, not '" + text + "'");
        }
        long count = Long.parseLong(number);
        return switch (text.substring(number.length())) {
            case "ms" -> Duration.ofMillis(count);
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            default -> Duration.ofSeconds(count);
        };
    }
}

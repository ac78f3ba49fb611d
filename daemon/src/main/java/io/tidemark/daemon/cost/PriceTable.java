package io.tidemark.daemon.cost;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;

/** Prices in dollars: those of a file of lines {@code NAME=NUMBER} over the standard ones. Immutable. */
public final class PriceTable {
    private final Map<Price, Double> prices;

    private PriceTable(Map<Price, Double> prices) {
        this.prices = prices;
    }

    public static PriceTable standard() {
        return new PriceTable(Map.of());
    }

    /** {@code INVALID} names what is no price. */
    public static PriceTable read(Path file) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            properties.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            throw new TidemarkException(ErrorKind.INVALID, "price table " + file + " cannot be read: " + e, e);
        }
        EnumMap<Price, Double> prices = new EnumMap<>(Price.class);
        for (String key : properties.stringPropertyNames()) {
            Price price = Stream.of(Price.values())
                    .filter(p -> p.key().equals(key))
                    .findFirst()
                    .orElseThrow(() -> new TidemarkException(
                            ErrorKind.INVALID,
                            "price table " + file + " has '" + key + "'; known are "
                                    + String.join(
                                            ", ",
                                            Stream.of(Price.values())
                                                    .map(Price::key)
                                                    .toList())));
            prices.put(price, number(file, key, properties.getProperty(key)));
        }
        return new PriceTable(prices);
    }

    private static double number(Path file, String key, String text) {
        try {
            double value = Double.parseDouble(text.strip());
            if (value >= 0 && Double.isFinite(value)) {
                return value;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new TidemarkException(
                ErrorKind.INVALID, "price table " + file + ": " + key + " is a number of dollars, not '" + text + "'");
    }

    public double of(Price price) {
        return prices.getOrDefault(price, price.standard());
    }

    /** As a file of prices, to begin one's own with. */
    public List<String> lines() {
        return Stream.of(Price.values())
                .flatMap(p -> Stream.of("# " + p.meaning(), p.key() + "=" + decimal(of(p))))
                .toList();
    }

    private static String decimal(double value) {
        return java.math.BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
    }
}

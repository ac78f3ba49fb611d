package io.tidemark.bench.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Counters and gauges of daemons, at {@code GET /metrics}. */
final class DaemonMetrics {
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final Pattern LINE = Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{[^}]*})? ([0-9.eE+-]+)");
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(LIMIT).build();

    private DaemonMetrics() {}

    /** Each name with the sum of its values, over all of its labels and all daemons. */
    static Map<String, Double> sum(List<String> endpoints) {
        Map<String, Double> sums = new TreeMap<>();
        endpoints.forEach(endpoint -> add(text(endpoint), sums));
        return sums;
    }

    static void add(String text, Map<String, Double> sums) {
        for (String line : text.split("\n")) {
            Matcher matcher = LINE.matcher(line.strip());
            if (matcher.matches()) {
                sums.merge(matcher.group(1), Double.parseDouble(matcher.group(2)), Double::sum);
            }
        }
    }

    private static String text(String endpoint) {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + endpoint + "/metrics"))
                    .timeout(LIMIT)
                    .build();
            return HTTP.send(request, BodyHandlers.ofString()).body();
        } catch (IOException e) {
            throw new UncheckedIOException("the daemon at " + endpoint + " shows no metrics", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}

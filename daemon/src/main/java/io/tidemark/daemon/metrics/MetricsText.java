package io.tidemark.daemon.metrics;

import com.codahale.metrics.MetricRegistry;
import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.instrumentation.dropwizard.DropwizardExports;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** All metrics of this process in Prometheus' text format. Names are those of the registry, with {@code _} for dots. */
public final class MetricsText {
    public static final String MEDIA_TYPE = PrometheusTextFormatWriter.CONTENT_TYPE;

    private final DropwizardExports exports;
    private final PrometheusTextFormatWriter writer = PrometheusTextFormatWriter.create();

    public MetricsText(MetricRegistry registry) {
        ProcessGauges.register(registry);
        this.exports = new DropwizardExports(registry);
    }

    public byte[] write() {
        ByteArrayOutputStream out = new ByteArrayOutputStream(16 << 10);
        try {
            writer.write(out, exports.collect(), EscapingScheme.DEFAULT);
        } catch (IOException e) {
            throw new UncheckedIOException("writing metrics to memory", e);
        }
        return withoutHelp(out.toString(StandardCharsets.UTF_8));
    }

    /** The library's help texts name Java classes, which helps nobody. */
    private static byte[] withoutHelp(String text) {
        StringBuilder out = new StringBuilder(text.length());
        for (String line : text.split("\n")) {
            if (!line.startsWith("# HELP")) {
                out.append(line).append('\n');
            }
        }
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }
}

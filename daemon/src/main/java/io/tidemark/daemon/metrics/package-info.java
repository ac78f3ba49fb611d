/** What the daemon measures, as {@code /metrics} tells it. Any thread; no files. */
package io.tidemark.daemon.metrics;

/** What a measurement found, as Markdown that is kept in {@code docs/benchmarks}. Writes only the file it is asked for. */
package io.tidemark.bench.report;

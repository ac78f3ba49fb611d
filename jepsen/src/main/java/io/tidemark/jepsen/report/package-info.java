/**
 * What a run looked like: a page, a summary, and a row in the ledger.
 *
 * <p>{@link io.tidemark.jepsen.report.ReportPage} is one HTML file that needs nothing from outside: plots are SVG made here,
 * drawn in the colours of the reader's scheme, light or dark. {@link io.tidemark.jepsen.report.RunSummary} says the same in
 * JSON; {@link io.tidemark.jepsen.report.Ledger} adds it to the table in {@code docs/reliability.md}. Nothing here judges.
 */
package io.tidemark.jepsen.report;

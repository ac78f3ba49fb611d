package io.tidemark.daemon.verify;

import io.tidemark.engine.error.TidemarkException;
import io.tidemark.recovery.NewStore;
import io.tidemark.recovery.VerifyHistory;
import io.tidemark.recovery.VerifyReport;
import io.tidemark.shipper.store.ObjectStore;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Compares the history in S3, replayed, with what the nodes said of themselves. */
public final class HistoryAgrees {
    private static final int SHOWN = 20;

    private final ObjectStore store;
    private final NewStore scratch;
    private final Consumer<String> progress;

    /** @param scratch where an empty store is made */
    public HistoryAgrees(ObjectStore store, NewStore scratch, Consumer<String> progress) {
        this.store = store;
        this.scratch = scratch;
        this.progress = progress;
    }

    public void compare(String history, NodesAgree.Observed observed, Findings findings) {
        VerifyReport report;
        try {
            report = new VerifyHistory(store, p -> progress.accept("replaying LSN " + p.lsn() + " of " + p.target()))
                    .replaying(history, Optional.of(observed.lsn()), scratch);
        } catch (TidemarkException e) {
            findings.add("history " + history + " in S3", false, e.getMessage());
            return;
        }
        objects(report, findings);
        VerifyReport.Replayed replayed = report.replayed();
        if (replayed == null) {
            findings.add("replay of the history to LSN " + observed.lsn(), false, "could not be made");
            return;
        }
        same(
                "redo chain",
                observed.lsn(),
                observed.chain(),
                HexFormat.of().toHexDigits(replayed.redoChain()),
                findings);
        same("contents", observed.lsn(), observed.sha256(), replayed.contents().sha256(), findings);
    }

    private static void objects(VerifyReport report, Findings findings) {
        List<String> problems = report.problems();
        String counted = report.objects() + " objects, " + report.bytes() + " bytes: " + report.segments()
                + " segments with " + report.entries() + " entries, " + report.manifests() + " manifests, "
                + report.checkpoints() + " checkpoints, up to LSN "
                + report.mark();
        findings.add(
                "objects of history " + report.history() + " in S3",
                problems.isEmpty(),
                problems.isEmpty()
                        ? "every checksum is right, no gap: " + counted
                        : problems.size() + " problems in " + counted);
        problems.stream().limit(SHOWN).forEach(problem -> findings.add("in S3", false, problem));
    }

    private static void same(String what, long lsn, String nodes, String s3, Findings findings) {
        findings.add(
                what + " of the history replayed from S3 to LSN " + lsn,
                s3.equals(nodes),
                s3.equals(nodes) ? "equal to the nodes': " + s3 : s3 + ", but the nodes say " + nodes);
    }
}

package io.tidemark.bench;

import io.tidemark.bench.cluster.Comparison;
import io.tidemark.bench.cluster.Comparison.Outcome;
import io.tidemark.bench.cluster.Plan;
import io.tidemark.bench.cluster.TidemarkCluster;
import io.tidemark.bench.disk.DiskProbe;
import io.tidemark.bench.load.Target;
import io.tidemark.bench.ratis.BareRatis;
import io.tidemark.bench.report.ClusterReport;
import io.tidemark.bench.report.Machine;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** Starts the clusters, measures them, prints the page, stops them and removes their files. */
final class ClusterRun {
    private final PlanOptions options;

    ClusterRun(PlanOptions options) {
        this.options = options;
    }

    /** Bare Ratis, as the options want it. */
    Target bareRatis(Path directory) {
        return BareRatis.start(new BareRatis.Options(
                directory.resolve("ratis"), options.logMetadata, List.of("-Xmx" + options.ratisHeap), Main.class));
    }

    /** Tidemark, as a user starts it. */
    static Target tidemark(Path directory) {
        return TidemarkCluster.start(directory.resolve("tidemark"));
    }

    /** @param starters each starts a cluster in a directory */
    int measure(List<Function<Path, Target>> starters) throws IOException {
        Plan plan = options.plan();
        try (ScratchDirectory scratch = ScratchDirectory.under(options.directory)) {
            List<Target> targets = new ArrayList<>();
            try {
                for (Function<Path, Target> starter : starters) {
                    targets.add(starter.apply(scratch.path()));
                }
                DiskProbe disk = new DiskProbe(System::nanoTime, scratch.path());
                Outcome outcome = new Comparison(System::nanoTime, plan, disk, System.err::println).run(targets);
                publish(outcome, plan);
            } finally {
                Collections.reverse(targets);
                targets.forEach(Target::close);
            }
        }
        return 0;
    }

    private void publish(Outcome outcome, Plan plan) throws IOException {
        LocalDate today = LocalDate.now(java.time.ZoneOffset.UTC);
        String page = new ClusterReport(outcome, Machine.here(), today, notes(plan)).markdown();
        options.out.write(today, "cluster", page);
    }

    private List<String> notes(Plan plan) {
        return List.of(
                "three daemons or servers and the load generator on one machine, over loopback; every log synced for real",
                String.format(
                        Locale.ROOT,
                        "closed loop: N writes in flight from one client; keys of 16 bytes, values that do not compress;"
                                + " %d round(s) in turns, window %.2f s after %.2f s, before the first %d s of warm-up or up to twice that while the JIT is busy",
                        plan.rounds(),
                        plan.row().measured().toMillis() / 1e3,
                        plan.row().warmUp().toMillis() / 1e3,
                        plan.warmUp().toSeconds()),
                "bare Ratis 3.3.0: empty state machine, one entry per write, one asynchronous client, log metadata "
                        + (options.logMetadata ? "on" : "off") + ", rpc timeout 1 to 2 s, heap " + options.ratisHeap,
                "Tidemark: default settings, `tidemark up` with its embedded S3 endpoint on the same machine and disk,"
                        + " shipping all along; one TidemarkClient with default options, which joins writes in flight into batches");
    }
}

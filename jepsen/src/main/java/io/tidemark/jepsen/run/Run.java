package io.tidemark.jepsen.run;

import io.tidemark.jepsen.checker.Checkers;
import io.tidemark.jepsen.checker.Limits;
import io.tidemark.jepsen.checker.Verdict;
import io.tidemark.jepsen.cluster.Cluster;
import io.tidemark.jepsen.cluster.Waiting;
import io.tidemark.jepsen.history.Counts;
import io.tidemark.jepsen.history.Header;
import io.tidemark.jepsen.history.History;
import io.tidemark.jepsen.history.Recorder;
import io.tidemark.jepsen.nemesis.Catalogue;
import io.tidemark.jepsen.nemesis.Catalogue.Front;
import io.tidemark.jepsen.nemesis.Catalogue.Need;
import io.tidemark.jepsen.nemesis.Nemesis;
import io.tidemark.jepsen.nemesis.Pace;
import io.tidemark.jepsen.nemesis.Siege;
import io.tidemark.jepsen.plant.PlantedFault;
import io.tidemark.jepsen.report.RunReport;
import io.tidemark.jepsen.report.RunSummary;
import io.tidemark.jepsen.workload.Workload;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;

/** One run from nothing to its report. */
public final class Run {

    /** System property that says which commit the product is of. */
    public static final String COMMIT = "tidemark.commit";

    /** After healing, nodes and S3 agree within this. */
    public static final Duration AGREEMENT_MAX = Duration.ofSeconds(60);

    private final RunOptions options;
    private final Consumer<String> says;
    private final Random random;
    private final Troubles troubles = new Troubles();

    /** @param says told in a line whenever something begins or ends */
    public Run(RunOptions options, Consumer<String> says) {
        this.options = options;
        this.says = says;
        this.random = new Random(options.seed());
    }

    /** Runs, judges and writes the report. Fails only when there was no run: the cluster did not come up. */
    public RunSummary run() throws IOException {
        says.accept("starting " + options.nodes() + " nodes");
        boolean disks = options.nemeses().stream().anyMatch(n -> Catalogue.of(n).need() == Need.DISKS);
        try (Battlefield field = Battlefield.open(options.nodes(), disks, options.seed(), options.planted())) {
            says.accept("ready: " + field.hosts().description());
            Map<Front, List<Nemesis>> fronts = fronts(field);
            Workloads.Entry workload = Workloads.of(options.workload());
            Header header = header(field, workload);
            try (Recorder history = Recorder.to(options.out().resolve(RunReport.HISTORY), header, System::nanoTime)) {
                fight(field.cluster(), history, workload, fronts);
                return judge(field.cluster(), history);
            }
        }
    }

    private Map<Front, List<Nemesis>> fronts(Battlefield field) {
        Map<Front, List<Nemesis>> fronts = new EnumMap<>(Front.class);
        for (String name : options.nemeses()) {
            Catalogue.Entry entry = Catalogue.of(name);
            fronts.computeIfAbsent(entry.front(), f -> new ArrayList<>())
                    .add(entry.make(field.theatre(), new Random(random.nextLong())));
        }
        return fronts;
    }

    private Header header(Battlefield field, Workloads.Entry workload) {
        Header header = new Header(
                options.workload(),
                String.join("+", options.nemeses()),
                options.seed(),
                System.getProperty(COMMIT, ""),
                options.command(),
                Instant.now().toString(),
                workload.parameters());
        return header.with("nodes", Integer.toString(options.nodes()))
                .with("hosts", field.hosts().description())
                .with("processes", Integer.toString(options.processes()))
                .with("planted", options.planted().map(PlantedFault::option).orElse("none"));
    }

    private void fight(Cluster cluster, Recorder history, Workloads.Entry entry, Map<Front, List<Nemesis>> fronts) {
        MarkLog marks = new MarkLog(history);
        cluster.watch().listen(marks::saw);
        Workload workload = entry.maker().make(history, cluster);
        List<Siege> sieges = new ArrayList<>();
        try {
            workload.begin(options.processes(), random.nextLong());
            says.accept(
                    "workload " + options.workload() + " for " + options.time().toSeconds() + " s");
            fronts.forEach((front, nemeses) ->
                    sieges.add(Siege.begin(history, nemeses, Pace.of(options.time()), new Random(random.nextLong()))));
            watch(cluster, history);
        } finally {
            sieges.forEach(siege -> troubles.attempt(Troubles.NOT_HEALED, siege::lift));
            says.accept(
                    "healed after " + sieges.stream().mapToInt(Siege::strikes).sum() + " blows");
            troubles.attempt(Troubles.WORKLOAD, workload::stop);
        }
        agree(cluster);
        troubles.attempt(Troubles.WORKLOAD, workload::finish);
        cluster.watch().listen(status -> {});
        marks.end(cluster);
    }

    private void watch(Cluster cluster, Recorder history) {
        long seconds = options.time().toSeconds();
        for (long second = 1; second <= seconds; second++) {
            Waiting.pause(Duration.ofSeconds(1));
            if (second % 10 == 0 && second < seconds) {
                Counts counts = history.counts();
                says.accept(second + " s: " + counts.ok() + " done, " + counts.fail() + " not done, " + counts.info()
                        + " unclear or under way");
            }
        }
    }

    /** Waits until marks have met and verify finds no difference; measured, and an anomaly if it takes too long. */
    private void agree(Cluster cluster) {
        long begin = System.nanoTime();
        boolean agreed = troubles.attempt(Troubles.NO_AGREEMENT, () -> {
            cluster.awaitAllReady();
            troubles.figure("agreement.ready.millis", millisSince(begin));
            cluster.awaitRest();
            troubles.figure("agreement.marks.millis", millisSince(begin));
            cluster.verify();
        });
        long millis = millisSince(begin);
        troubles.figure("agreement.millis", millis);
        if (agreed && millis > AGREEMENT_MAX.toMillis()) {
            troubles.add(Troubles.NO_AGREEMENT, "nodes and S3 agreed only " + millis + " ms after healing");
        }
        troubles.attempt(Troubles.WATCH, cluster.watch()::check);
        says.accept((agreed ? "marks met and digests equal after " : "no agreement after ") + millis + " ms");
    }

    private static long millisSince(long begin) {
        return (System.nanoTime() - begin) / 1_000_000;
    }

    private RunSummary judge(Cluster cluster, Recorder recorder) throws IOException {
        History history = recorder.history();
        Verdict verdict =
                Checkers.check(history, options.workload(), Limits.standard()).and(troubles.verdict(history.counts()));
        if (!verdict.valid()) {
            cluster.collect(options.out().resolve("evidence"));
        }
        return RunReport.write(options.out(), history, verdict, List.of("evidence/status.txt"));
    }
}

package io.tidemark.jepsen.run;

import io.tidemark.jepsen.checker.Checkers;
import io.tidemark.jepsen.checker.Limits;
import io.tidemark.jepsen.checker.Verdict;
import io.tidemark.jepsen.cluster.Cluster;
import io.tidemark.jepsen.history.Chronicle;
import io.tidemark.jepsen.history.Counts;
import io.tidemark.jepsen.history.Header;
import io.tidemark.jepsen.history.History;
import io.tidemark.jepsen.history.Recorder;
import io.tidemark.jepsen.report.RunReport;
import io.tidemark.jepsen.report.RunSummary;
import io.tidemark.jepsen.workload.Workload;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** One workload of a run, from its first call to its verdict, with a history of its own. */
final class Part implements AutoCloseable {

    private final String name;
    private final Path directory;
    private final Recorder history;
    private final Workload workload;
    private final Cluster cluster;

    /** @param header of the run; what the workload's judge wants to know is added */
    Part(String name, Header header, Path directory, Cluster cluster) throws IOException {
        Workloads.Entry entry = Workloads.of(name);
        this.name = name;
        this.directory = directory;
        this.cluster = cluster;
        this.history = Recorder.to(
                directory.resolve(RunReport.HISTORY), header.of(name, entry.parameters()), System::nanoTime);
        this.workload = entry.maker().make(history, cluster);
    }

    Chronicle chronicle() {
        return history;
    }

    Counts counts() {
        return history.counts();
    }

    void begin(int processes, Duration stagger, long seed) {
        workload.staggered(stagger).begin(processes, seed);
    }

    void stop() {
        workload.stop();
    }

    void finish() {
        workload.finish();
    }

    /**
     * Judges the history and writes its report.
     *
     * @param troubles of the whole run, which count against each of its histories
     * @param evidence where the cluster's logs are kept if there is an anomaly
     */
    RunSummary judge(Troubles troubles, Path evidence) throws IOException {
        History whole = history.history();
        Verdict verdict = Checkers.check(whole, name, Limits.standard()).and(troubles.verdict(whole.counts()));
        if (!verdict.valid()) {
            cluster.collect(evidence);
        }
        String status = directory.relativize(evidence.resolve(Cluster.STATUS)).toString();
        return RunReport.write(directory, whole, verdict, List.of(status));
    }

    @Override
    public void close() {
        workload.close();
        history.close();
    }
}

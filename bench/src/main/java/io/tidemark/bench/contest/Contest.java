package io.tidemark.bench.contest;

import io.tidemark.bench.cluster.Comparison.Probe;
import io.tidemark.bench.disk.DiskProbe;
import io.tidemark.bench.peer.Peer;
import io.tidemark.bench.trial.Figure;
import io.tidemark.bench.trial.Row;
import io.tidemark.bench.trial.Row.Group;
import io.tidemark.bench.trial.Trees;
import io.tidemark.bench.trial.Trial;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** Runs a {@link ContestPlan}: rounds, in them scenarios, in them engines, in them groups of rows. */
public final class Contest {
    private static final Duration PROBE = Duration.ofMillis(250);

    /** Times its limit that a fill may take with its unmeasured rest. */
    private static final int WHOLE_FILL = 3;

    /** Beside the fills: opening, warming up, the windows, checking. */
    private static final Duration TRIAL_BESIDE_FILL = Duration.ofSeconds(60);

    private final ContestPlan plan;
    private final Path directory;
    private final LongSupplier nanoClock;
    private final TrialProcess process;
    private final Consumer<String> progress;

    private final List<Result> results = new ArrayList<>();
    private final List<String> troubles = new ArrayList<>();
    private int left;

    /**
     * @param directory on the disk to measure; it exists
     * @param main of the child processes
     * @param progress gets a line per trial
     */
    public Contest(ContestPlan plan, Path directory, Class<?> main, LongSupplier nanoClock, Consumer<String> progress) {
        this.plan = plan;
        this.directory = directory;
        this.nanoClock = nanoClock;
        this.process =
                new TrialProcess(main, plan.fillLimit().multipliedBy(WHOLE_FILL).plus(TRIAL_BESIDE_FILL));
        this.progress = progress;
    }

    public Outcome run() throws IOException {
        long begun = nanoClock.getAsLong();
        List<Probe> probes = new ArrayList<>();
        List<String> loads = new ArrayList<>();
        DiskProbe disk = new DiskProbe(nanoClock, directory);
        for (int round = 1; round <= plan.rounds(); round++) {
            probes.add(new Probe(round, "engines", disk.all(PROBE)));
            loads.add(load());
            for (Scenario scenario : plan.scenarios()) {
                for (int turn = 0; turn < plan.peers().size(); turn++) {
                    Peer peer =
                            plan.peers().get((turn + round - 1) % plan.peers().size());
                    if (nanoClock.getAsLong() - begun > plan.limit().toNanos()) {
                        left++;
                    } else {
                        compete(round, scenario, peer);
                    }
                }
            }
        }
        if (left > 0) {
            troubles.add(left + " of "
                    + plan.rounds() * plan.scenarios().size() * plan.peers().size()
                    + " turns of an engine left out: the limit of "
                    + plan.limit().toSeconds() + " s was reached");
        }
        long seconds = Duration.ofNanos(nanoClock.getAsLong() - begun).toSeconds();
        return new Outcome(List.copyOf(results), List.copyOf(troubles), probes, loads, seconds);
    }

    private static String load() {
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        return String.format(Locale.ROOT, "%.1f", load);
    }

    private void compete(int round, Scenario scenario, Peer peer) throws IOException {
        Path own = Files.createDirectory(directory.resolve(peer.option()));
        try {
            for (Group group : Group.values()) {
                trial(round, scenario, peer, group, own);
            }
        } finally {
            Trees.remove(own);
        }
    }

    private void trial(int round, Scenario scenario, Peer peer, Group group, Path own) {
        Set<Row> rows = wanted(group);
        if (rows.isEmpty()) {
            return;
        }
        Trial trial = new Trial(
                peer,
                group,
                rows,
                own,
                scenario.records(),
                scenario.valueBytes(),
                scenario.memory(),
                plan.window(),
                plan.warmUp(),
                plan.processWarmUp(),
                plan.fillLimit(),
                plan.seed() + round);
        String where = "round " + round + ", " + peer.label() + ", " + scenario.label() + ", " + group;
        List<String> said = new ArrayList<>();
        for (Figure figure : process.run(trial, said)) {
            results.add(new Result(round, scenario, peer, figure));
        }
        said.forEach(what -> troubles.add(where + ": " + what));
        progress.accept(where + (said.isEmpty() ? "" : ": " + said));
    }

    /** A store that is to be reopened is made by the use before. */
    private Set<Row> wanted(Group group) {
        Set<Row> wanted = EnumSet.noneOf(Row.class);
        for (Row row : plan.rows()) {
            if (row.group() == group || (row == Row.REOPEN_KILLED && group == Group.USED)) {
                wanted.add(row);
            }
        }
        return wanted;
    }
}

package io.tidemark.bench.cluster;

import io.tidemark.bench.disk.DiskProbe;
import io.tidemark.bench.disk.DiskProbe.DiskRate;
import io.tidemark.bench.load.ClosedLoop;
import io.tidemark.bench.load.ClosedLoop.Window;
import io.tidemark.bench.load.Measurement;
import io.tidemark.bench.load.Target;
import io.tidemark.bench.load.Workload;
import io.tidemark.bench.process.CpuSample;
import io.tidemark.bench.process.ThreadGroups;
import io.tidemark.bench.process.ThreadNames;
import io.tidemark.engine.error.TidemarkException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** Clusters take turns at the same rows: warm-up of each, then round by round, the disk probed before each turn. */
public final class Comparison {
    private static final long SEED = 20261120;
    private static final List<Workload> WARM_UP_LOADS =
            List.of(new Workload(128, 64), new Workload(1 << 10, 512), new Workload(128, 1), new Workload(128, 512));

    /** Share of the leader's CPU below which its compilers and collector count as settled. */
    private static final double COMPILING_WHEN_WARM = 0.2;

    private final LongSupplier nanoClock;
    private final Plan plan;
    private final DiskProbe disk;
    private final Consumer<String> progress;
    private final ClosedLoop loop;
    private final List<Result> results = new ArrayList<>();
    private final List<Probe> probes = new ArrayList<>();
    private int restless;
    private int skipped;

    /** @param progress told a line after each step */
    public Comparison(LongSupplier nanoClock, Plan plan, DiskProbe disk, Consumer<String> progress) {
        this.nanoClock = nanoClock;
        this.plan = plan;
        this.disk = disk;
        this.progress = progress;
        this.loop = new ClosedLoop(nanoClock, SEED);
    }

    /** The disk's rates just before a cluster's turn. */
    public record Probe(int round, String target, List<DiskRate> rates) {}

    /**
     * @param restless rows after which a cluster was still busy when the next began
     * @param skipped rows left out because the plan's limit was reached
     */
    public record Outcome(List<String> targets, List<Result> results, List<Probe> probes, int restless, int skipped) {}

    /** Measures the targets, in turns. They stay open. */
    public Outcome run(List<Target> targets) {
        for (Target target : targets) {
            warmUp(target);
        }
        Duration turn = plan.limit().dividedBy((long) plan.rounds() * targets.size());
        for (int round = 1; round <= plan.rounds(); round++) {
            for (Target target : targets) {
                probes.add(new Probe(round, target.name(), disk.all(plan.probe())));
                turn(round, target, turn.toNanos());
            }
        }
        return new Outcome(targets.stream().map(Target::name).toList(), results, probes, restless, skipped);
    }

    private void turn(int round, Target target, long limitNanos) {
        long begun = nanoClock.getAsLong();
        for (Workload workload : plan.workloads()) {
            if (nanoClock.getAsLong() - begun > limitNanos) {
                skipped++;
            } else {
                Result result = row(round, target, workload);
                results.add(result);
                progress.accept(describe(result));
            }
        }
    }

    /** Load of several kinds, until the leader's JVM has compiled what it runs, but no longer than twice the plan's time. */
    private void warmUp(Target target) {
        progress.accept("warming up " + target.name() + ", " + plan.warmUp().toSeconds() + " s or longer");
        long begun = nanoClock.getAsLong();
        long least = plan.warmUp().toNanos();
        Duration slice = plan.warmUp().dividedBy(WARM_UP_LOADS.size());
        double compiling = 1;
        for (int i = 0; isCold(nanoClock.getAsLong() - begun, least, compiling); i++) {
            Usage usage = new Usage(target);
            Workload load = WARM_UP_LOADS.get(i % WARM_UP_LOADS.size());
            loop.run(target, load, new Window(Duration.ZERO, slice), usage);
            compiling = usage.compiling();
        }
        progress.accept(String.format(
                Locale.ROOT,
                "warm after %.0f s, compiler and collector take %.0f %% of the leader's CPU",
                (nanoClock.getAsLong() - begun) / 1e9,
                compiling * 100));
        if (!target.rest()) {
            restless++;
        }
    }

    private static boolean isCold(long elapsed, long least, double compiling) {
        return elapsed < least || (compiling > COMPILING_WHEN_WARM && elapsed < 2 * least);
    }

    private Result row(int round, Target target, Workload workload) {
        try {
            Usage usage = new Usage(target);
            Measurement measured = loop.run(target, workload, plan.row(), usage);
            Result result =
                    new Result(round, target.name(), workload, measured, usage.leaderCpu(), usage.residentBytes, null);
            if (!target.rest()) {
                restless++;
            }
            return result;
        } catch (TidemarkException e) {
            return Result.failed(round, target.name(), workload, e.getMessage());
        }
    }

    private static String describe(Result result) {
        String row = String.format(
                Locale.ROOT,
                "round %d  %-28s %7s x %-3d ",
                result.round(),
                result.target(),
                result.workload().valueLabel(),
                result.workload().writers());
        Measurement m = result.measurement();
        return m == null
                ? row + "failed: " + result.failure()
                : row
                        + String.format(
                                Locale.ROOT,
                                "%9.0f writes/s  p50 %8.2f ms  p99 %8.2f ms%s",
                                m.writesPerSecond(),
                                m.millisAt(50),
                                m.millisAt(99),
                                m.failures() == 0 ? "" : "  " + m.failures() + " failed: " + m.firstFailure());
    }

    /** The leader's CPU and every daemon's memory around one window. */
    private static final class Usage implements ClosedLoop.Observer {
        private final Target target;
        private final long leader;
        private CpuSample before = CpuSample.UNKNOWN;
        private CpuSample after = CpuSample.UNKNOWN;
        private List<Long> residentBytes = List.of();

        Usage(Target target) {
            this.target = target;
            this.leader = target.leader().pid();
        }

        @Override
        public void opened() {
            before = CpuSample.of(leader);
        }

        @Override
        public void closed() {
            after = CpuSample.of(leader);
            residentBytes = target.nodes().stream()
                    .map(node -> CpuSample.residentBytes(node.pid()))
                    .toList();
        }

        Map<ThreadGroups.Group, Long> leaderCpu() {
            return ThreadGroups.between(before, after, ThreadNames.of(leader));
        }

        /** Share of the leader's CPU time that its compilers and collector took. */
        double compiling() {
            Map<ThreadGroups.Group, Long> split = leaderCpu();
            double all = split.values().stream().mapToLong(Long::longValue).sum();
            return all == 0 ? 0 : split.getOrDefault(ThreadGroups.Group.JVM, 0L) / all;
        }
    }
}

package io.tidemark.recovery.hazard;

import io.tidemark.shipper.store.HazardousS3;
import io.tidemark.shipper.trial.HazardPlan;
import io.tidemark.shipper.trial.HttpMessage;
import io.tidemark.shipper.trial.S3Hazard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Every request of the workload, and every hazard that concerns it, once and for a while. */
final class HazardPairs {
    /** Past the patience of one call, so that its caller has to come again. */
    static final int WHILE = 40;

    private final HazardousS3 s3;
    private final Path directory;
    private final Map<S3Hazard, List<Pair>> all = new EnumMap<>(S3Hazard.class);
    private final Map<S3Hazard, Integer> played = new EnumMap<>(S3Hazard.class);
    private final List<String> failures = new ArrayList<>();
    private final int requests;
    private int refused;

    private record Pair(S3Hazard hazard, int request, int count, String line) {
        @Override
        public String toString() {
            return hazard + " at request " + request + " (" + line + ")" + (count == 1 ? "" : " and for a while");
        }
    }

    /**
     * Plays once undisturbed, to see what there is.
     *
     * @param directory for what runs leave, emptied after each
     */
    HazardPairs(HazardousS3 s3, Path directory) throws IOException {
        this.s3 = s3;
        this.directory = directory;
        HazardPlan counting = HazardPlan.none();
        new HazardRun(s3, counting, directory.resolve("undisturbed")).play();
        List<String> lines = counting.requests();
        requests = lines.size();
        for (S3Hazard hazard : S3Hazard.values()) {
            for (int n = 1; n <= requests; n++) {
                String line = lines.get(n - 1);
                if (hazard.concerns(new HttpMessage(line, "", new byte[0]))) {
                    List<Pair> pairs = all.computeIfAbsent(hazard, h -> new ArrayList<>());
                    pairs.add(new Pair(hazard, n, 1, line));
                    pairs.add(new Pair(hazard, n, WHILE, line));
                }
            }
        }
        empty();
    }

    int requests() {
        return requests;
    }

    int size() {
        return all.values().stream().mapToInt(List::size).sum();
    }

    List<String> failures() {
        return failures;
    }

    int hazardsPlayed() {
        return played.size();
    }

    /**
     * Plays each {@code stride}-th pair of each hazard, beginning anywhere; at least one.
     *
     * @param done told of each hazard
     */
    void play(int stride, Random random, Consumer<S3Hazard> done) throws IOException {
        for (Map.Entry<S3Hazard, List<Pair>> hazard : all.entrySet()) {
            List<Pair> pairs = hazard.getValue();
            for (int i = random.nextInt(Math.min(stride, pairs.size())); i < pairs.size(); i += stride) {
                play(pairs.get(i));
            }
            done.accept(hazard.getKey());
        }
    }

    private void play(Pair pair) throws IOException {
        HazardPlan plan = new HazardPlan(pair.hazard(), pair.request(), pair.count());
        try {
            HazardRun run = new HazardRun(s3, plan, directory.resolve("run"));
            run.play();
            refused += run.refused();
            SharedLog.require(plan.met() > 0, "the hazard was not met");
        } catch (RuntimeException | AssertionError e) {
            failures.add(pair + ": " + e);
        }
        played.merge(pair.hazard(), 1, Integer::sum);
        empty();
    }

    private void empty() throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                if (!file.equals(directory)) {
                    Files.delete(file);
                }
            }
        }
    }

    @Override
    public String toString() {
        int sum = played.values().stream().mapToInt(Integer::intValue).sum();
        return String.format(
                Locale.ROOT,
                "S3 hazards: %d requests, %,d pairs, %,d played, %d reads done again, %d failures",
                requests,
                size(),
                sum,
                refused,
                failures.size());
    }
}

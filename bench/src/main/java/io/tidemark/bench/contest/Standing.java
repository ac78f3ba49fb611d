package io.tidemark.bench.contest;

import io.tidemark.bench.peer.Peer;
import io.tidemark.bench.trial.Figure;
import io.tidemark.bench.trial.Row;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/**
 * The figures of one row in one scenario, by engine and round. Ratios are taken within a round, against the engine whose
 * median is best, so that what slows a whole round cancels out.
 */
public final class Standing {
    private final Row row;
    private final Map<Peer, Map<Integer, Figure>> figures = new TreeMap<>();

    public Standing(Outcome outcome, Scenario scenario, Row row) {
        this.row = row;
        for (Result result : outcome.results()) {
            if (result.scenario().equals(scenario) && result.figure().row() == row) {
                figures.computeIfAbsent(result.peer(), peer -> new TreeMap<>()).put(result.round(), result.figure());
            }
        }
    }

    /** Least, median and greatest of a few numbers. */
    public record Spread(double least, double median, double greatest, int count) {
        static Optional<Spread> of(List<Double> numbers) {
            List<Double> sorted = numbers.stream().sorted().toList();
            if (sorted.isEmpty()) {
                return Optional.empty();
            }
            int middle = sorted.size() / 2;
            double median =
                    sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
            return Optional.of(new Spread(sorted.get(0), median, sorted.get(sorted.size() - 1), sorted.size()));
        }
    }

    public boolean isEmpty() {
        return figures.isEmpty();
    }

    /** The engine's figures in the order of rounds. */
    public List<Figure> of(Peer peer) {
        return List.copyOf(figures.getOrDefault(peer, Map.of()).values());
    }

    /** Any number of a figure over the rounds. */
    public Optional<Spread> spread(Peer peer, ToDoubleFunction<Figure> number) {
        return Spread.of(of(peer).stream().map(number::applyAsDouble).toList());
    }

    /** The engine with the best median; empty when there is none. */
    public Optional<Peer> best() {
        return figures.keySet().stream()
                .max(Comparator.comparingDouble(
                        peer -> spread(peer, this::goodness).orElseThrow().median()));
    }

    private double goodness(Figure figure) {
        return row.isRate() ? figure.perSecond() : 1 / figure.seconds();
    }

    /** How good it is beside the best, 1 for as good; over the rounds that both were in. */
    public Optional<Spread> ratio(Peer peer) {
        Map<Integer, Figure> own = figures.getOrDefault(peer, Map.of());
        Map<Integer, Figure> bests = best().map(figures::get).orElse(Map.of());
        return Spread.of(own.entrySet().stream()
                .filter(entry -> bests.containsKey(entry.getKey()))
                .map(entry -> goodness(entry.getValue()) / goodness(bests.get(entry.getKey())))
                .toList());
    }
}

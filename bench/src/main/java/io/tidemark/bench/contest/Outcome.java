package io.tidemark.bench.contest;

import io.tidemark.bench.cluster.Comparison.Probe;
import java.util.List;

/**
 * What a contest found.
 *
 * @param troubles trials that failed or were cut off, in words
 * @param probes the disk's own rate before each round
 * @param loads load average of the machine before each round; empty when unknown
 * @param seconds length of the whole
 */
public record Outcome(
        List<Result> results, List<String> troubles, List<Probe> probes, List<String> loads, long seconds) {}

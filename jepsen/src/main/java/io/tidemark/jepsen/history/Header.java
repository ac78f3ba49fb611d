package io.tidemark.jepsen.history;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * The first line of a history's file: what was run, and how to run it again.
 *
 * @param workload its name, which says how values are to be read and who judges
 * @param nemesis names of the nemeses, joined by {@code +}; empty = none
 * @param seed of workload and nemesis
 * @param commit of the product; a {@code +} behind it: with changes that were not committed
 * @param command that repeats the run
 * @param started wall clock at the beginning, ISO 8601
 * @param parameters whatever else a judge or a reader wants to know
 */
public record Header(
        String workload,
        String nemesis,
        long seed,
        String commit,
        String command,
        String started,
        Map<String, String> parameters) {

    /** Workload of a history whose file has no first line of this kind. */
    public static final String UNKNOWN_WORKLOAD = "";

    /** Sorts and copies the parameters. */
    public Header {
        parameters = Collections.unmodifiableMap(new TreeMap<>(parameters));
    }

    /** A header that says the workload only. */
    public static Header of(String workload) {
        return new Header(workload, "", 0, "", "", "", Map.of());
    }

    /** The same of one workload among several, with more parameters. */
    public Header of(String one, Map<String, String> more) {
        Map<String, String> all = new TreeMap<>(parameters);
        all.putAll(more);
        return new Header(one, nemesis, seed, commit, command, started, all);
    }

    /** The same with one more parameter. */
    public Header with(String name, String value) {
        return of(workload, Map.of(name, value));
    }

    /** A parameter, or what stands for it. */
    public String parameter(String name, String otherwise) {
        return parameters.getOrDefault(name, otherwise);
    }
}

package io.tidemark.jepsen.checker;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Everything acknowledged is there, nothing is there twice, nothing is there that nobody wrote.
 *
 * <p>It judges chains: one process at a time writes a key, each write on the condition that the key is as the write
 * before left it (the first: that it is absent). So a write applied twice, or one lost, shows at the next link: its
 * condition fails although nobody else writes there. And a write applied again after the last link leaves another
 * version than the one that was acknowledged.
 */
public final class AcknowledgedWrites {

    private AcknowledgedWrites() {}

    /** What a key holds at the end: its value and {@code lsn.index}. */
    public record Row(String value, String version) {}

    /**
     * Judges chains against the rows found at the end.
     *
     * @param operations conditional writes, see the class
     * @param rows all rows under the workload's keys
     * @return violations in words; empty if all is well
     */
    public static List<String> violations(List<Operation> operations, Map<String, Row> rows) {
        List<String> violations = new ArrayList<>();
        Map<String, List<Operation>> chains = new TreeMap<>();
        for (Operation o : operations) {
            if (o.f().equals("cas")) {
                chains.computeIfAbsent(o.key(), k -> new ArrayList<>()).add(o);
            }
        }
        chains.forEach((key, chain) -> judge(key, chain, rows.get(key), violations));
        rows.forEach((key, row) -> {
            if (!chains.containsKey(key)) {
                violations.add("key " + key + " holds " + row + ", which nobody wrote");
            }
        });
        return violations;
    }

    private static void judge(String key, List<Operation> chain, Row row, List<String> violations) {
        Map<String, String> possible = new HashMap<>();
        String acknowledged = null;
        for (Operation o : chain) {
            switch (o.outcome()) {
                case DONE -> {
                    possible.clear();
                    acknowledged = o.to();
                    possible.put(o.to(), o.version());
                }
                case UNKNOWN -> possible.put(o.to(), null);
                case REFUSED -> {
                    if (possible.size() <= 1) {
                        violations.add("key " + key + ": lost or applied twice: " + o + " was refused although "
                                + (acknowledged == null ? "nobody wrote it" : "it held " + acknowledged));
                    }
                }
            }
        }
        if (row == null) {
            if (acknowledged != null) {
                violations.add("key " + key + " is absent; acknowledged was " + acknowledged);
            }
        } else if (!possible.containsKey(row.value())) {
            violations.add("key " + key + " holds " + row + "; possible were " + possible.keySet());
        } else if (possible.get(row.value()) != null
                && !possible.get(row.value()).equals(row.version())) {
            violations.add("key " + key + ": " + row.value() + " was acknowledged at " + possible.get(row.value())
                    + " and stands at " + row.version() + ": applied twice");
        }
    }
}

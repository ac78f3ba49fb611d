package io.tidemark.jepsen.checker;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * There is one timeline: a write that began after another was acknowledged has the later version, whatever their keys,
 * and no version belongs to two writes. Linear in the number of operations.
 */
public final class VersionOrder {

    private VersionOrder() {}

    /** A version as {@code lsn.index}, in timeline order. */
    public record Position(long lsn, long index) implements Comparable<Position> {
        /** Parses {@code lsn.index}. */
        public static Position parse(String version) {
            int dot = version.indexOf('.');
            return new Position(Long.parseLong(version.substring(0, dot)), Long.parseLong(version.substring(dot + 1)));
        }

        @Override
        public int compareTo(Position other) {
            return lsn != other.lsn ? Long.compare(lsn, other.lsn) : Long.compare(index, other.index);
        }

        @Override
        public String toString() {
            return lsn + "." + index;
        }
    }

    /** The first contradiction in words, or empty. */
    public static Optional<String> violation(List<Operation> operations) {
        List<Operation> writes = operations.stream()
                .filter(o -> o.outcome() == Operation.Outcome.DONE && !o.f().equals("read") && o.version() != null)
                .toList();
        Map<Position, Operation> owners = new HashMap<>();
        for (Operation write : writes) {
            Operation other = owners.put(Position.parse(write.version()), write);
            if (other != null) {
                return Optional.of("two writes have one version: " + other + " and " + write);
            }
        }
        return outOfOrder(writes);
    }

    private static Optional<String> outOfOrder(List<Operation> writes) {
        List<Operation> byCall = new ArrayList<>(writes);
        byCall.sort(Comparator.comparingLong(Operation::call));
        List<Operation> byEnd = new ArrayList<>(writes);
        byEnd.sort(Comparator.comparingLong(Operation::end));
        Operation latest = null;
        int ended = 0;
        for (Operation write : byCall) {
            for (; byEnd.get(ended).end() < write.call(); ended++) {
                Operation before = byEnd.get(ended);
                if (latest == null || position(before).compareTo(position(latest)) > 0) {
                    latest = before;
                }
            }
            if (latest != null && position(write).compareTo(position(latest)) < 0) {
                return Optional.of("a later write has an earlier version: " + latest + ", then " + write);
            }
        }
        return Optional.empty();
    }

    private static Position position(Operation write) {
        return Position.parse(write.version());
    }
}

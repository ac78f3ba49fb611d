package io.tidemark.jepsen.checker.append;

import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** Isolation levels, each forbidding what the one before forbids and more. Contradictions within lists are forbidden by all. */
public enum Isolation {
    /** Nothing uncommitted, nothing half done is seen. */
    READ_COMMITTED(
            Versions.DUPLICATE,
            Versions.INCOMPATIBLE,
            Versions.UNEXPECTED,
            SimpleAnomalies.G1A,
            SimpleAnomalies.G1B,
            SimpleAnomalies.DIRTY_UPDATE,
            CycleClass.G0.title,
            CycleClass.G1C.title),
    /** And reads are of one moment. */
    SNAPSHOT(SimpleAnomalies.INTERNAL, SimpleAnomalies.LOST_UPDATE, CycleClass.G_SINGLE.title),
    /** And there is one order of all. */
    SERIALIZABLE(CycleClass.G2_ITEM.title),
    /** And that order respects real time. */
    STRICT_SERIALIZABLE(
            SimpleAnomalies.LOST_APPEND,
            CycleClass.G0_REALTIME.title,
            CycleClass.G1C_REALTIME.title,
            CycleClass.G_SINGLE_REALTIME.title,
            CycleClass.G2_ITEM_REALTIME.title);

    private final Set<String> more;

    Isolation(String... more) {
        this.more = Set.of(more);
    }

    /** The level of this name, as {@code strict-serializable}. */
    public static Isolation of(String name) {
        for (Isolation isolation : values()) {
            if (isolation.title().equals(name)) {
                return isolation;
            }
        }
        throw new IllegalArgumentException("no isolation level is called " + name);
    }

    /** Its name, as {@code strict-serializable}. */
    public String title() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Classes of anomalies that it forbids. */
    public Set<String> forbidden() {
        Set<String> forbidden = new TreeSet<>();
        for (Isolation isolation : values()) {
            if (isolation.compareTo(this) <= 0) {
                forbidden.addAll(isolation.more);
            }
        }
        return forbidden;
    }
}

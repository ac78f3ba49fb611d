package io.tidemark.jepsen.nemesis;

import io.tidemark.jepsen.nemesis.LinkNemesis.Trouble;
import io.tidemark.jepsen.nemesis.NodeNemesis.Blow;
import io.tidemark.jepsen.nemesis.PartitionNemesis.Shape;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** All nemeses by name. */
public final class Catalogue {

    /** Blows on one front come one after another; fronts strike beside one another. */
    public enum Front {
        /** Processes and their disks. */
        NODES,
        /** Links between nodes. */
        NETWORK,
        /** S3 and the way to it. */
        STORE,
        /** Wall clocks. */
        CLOCKS,
        /** What users ask for. */
        LEAD
    }

    /** What a nemesis cannot do without. */
    public enum Need {
        /** Nothing. */
        NOTHING,
        /** Hosts whose links can be broken. */
        LINKS,
        /** A small file system for each node. */
        DISKS,
        /** A clock for each node. */
        CLOCKS
    }

    /**
     * A nemesis that can be made.
     *
     * @param words what it does
     */
    public record Entry(String name, Front front, Need need, String words, Maker maker) {
        /** Makes it; all that it decides comes from {@code random}. */
        public Nemesis make(Theatre theatre, Random random) {
            return maker.make(theatre, random);
        }
    }

    /** Makes a nemesis. */
    public interface Maker {
        /** @throws IllegalArgumentException if the theatre lacks what it needs */
        Nemesis make(Theatre theatre, Random random);
    }

    /** What the product has no way for, and nobody strikes with. */
    public static final Map<String, String> MISSING =
            Map.of("membership-change", "a node's disk lost and its return as a new incarnation is the only one: wipe");

    private static final Map<String, Entry> ENTRIES = new LinkedHashMap<>();

    static {
        nodes("kill", "SIGKILL", Blow.KILL);
        nodes("pause", "SIGSTOP, later SIGCONT", Blow.PAUSE);
        nodes("stop", "SIGTERM", Blow.STOP);
        add(
                "rolling-restart",
                Front.NODES,
                Need.NOTHING,
                "every node stopped and started, one after another",
                (t, random) -> new RollingRestart(t.cluster(), t.operator(), random));
        add(
                "wipe",
                Front.NODES,
                Need.NOTHING,
                "one node killed and its disk lost; it comes back as a new incarnation",
                (t, random) -> new DiskNemesis(t.cluster(), t.operator(), random));
        add(
                "squeeze",
                Front.NODES,
                Need.NOTHING,
                "one node restarted with hardly any disk for pages, later again with all of it",
                (t, random) -> new SqueezeNemesis(t.cluster(), t.operator(), random));
        add(
                "corruption",
                Front.NODES,
                Need.NOTHING,
                "one node killed; a bit flipped, the end cut or zeroed in its pages, WAL, page table, Raft log or vote",
                (t, random) -> new CorruptionNemesis(t.cluster(), t.operator(), random));
        add(
                "bit-rot",
                Front.NODES,
                Need.NOTHING,
                "one node stopped cleanly; a hundred bits of its pages flipped",
                (t, random) -> new BitRotNemesis(t.cluster(), t.operator(), random));
        add(
                "full-disk",
                Front.NODES,
                Need.DISKS,
                "the disk of one node filled below the reserve, or to the last byte",
                (t, random) -> new FullDiskNemesis(t.cluster(), t.operator(), t.disks(), random));
        for (FailingDiskNemesis.Trouble trouble : FailingDiskNemesis.Trouble.values()) {
            add(
                    trouble == FailingDiskNemesis.Trouble.SLOW ? "slow-disk" : "io-errors",
                    Front.NODES,
                    Need.NOTHING,
                    trouble == FailingDiskNemesis.Trouble.SLOW
                            ? "syncs of one node take 20 to 500 ms more"
                            : "syncs, writes or reads of one node fail with EIO",
                    (t, random) -> new FailingDiskNemesis(t.cluster(), t.operator(), trouble, random));
        }
        for (ClockNemesis.Trouble trouble : ClockNemesis.Trouble.values()) {
            add(
                    "clock-" + lower(trouble),
                    Front.CLOCKS,
                    Need.CLOCKS,
                    trouble == ClockNemesis.Trouble.JUMP
                            ? "wall clocks of some nodes up to a day too late or too early"
                            : "wall clocks of some nodes at a tenth to ten times the speed",
                    (t, random) -> new ClockNemesis(t.cluster(), t.clocks(), trouble, random));
        }
        add(
                "leadership-transfer",
                Front.LEAD,
                Need.NOTHING,
                "a user asks for another leader",
                (t, random) -> new TransferNemesis(t.cluster(), random));
        partition(Shape.ONE, "any node cut from all others");
        partition(Shape.LEADER, "the leader cut from all others");
        partition(Shape.HALVES, "a minority cut from the majority");
        partition(Shape.RING, "every node sees a majority, no two the same");
        partition(Shape.ONE_WAY, "one node is not heard, or hears nothing");
        add(
                "slow",
                Front.NETWORK,
                Need.LINKS,
                "links of some nodes at 64 to 1,000 kbit/s",
                (t, random) -> new LinkNemesis(t.cluster(), Trouble.SLOW, random));
        add(
                "lossy",
                Front.NETWORK,
                Need.LINKS,
                "bursts of 20 to 300 ms in which one direction between two nodes loses all",
                (t, random) -> new LinkNemesis(t.cluster(), Trouble.LOSSY, random));
        store(null, "refused or silent, or some of all that follows");
        store(StoreNemesis.Trouble.OUTAGE, "connections to S3 refused, or never answered");
        store(StoreNemesis.Trouble.ERRORS, "S3 answers many requests with 503");
        store(StoreNemesis.Trouble.LOST_ANSWERS, "S3 does what it is asked, and the answer is lost");
        store(StoreNemesis.Trouble.HELD_WRITES, "no shipping: what is sent to S3 gets there when it heals, too late");
    }

    /** Nemeses that can cost a node its files, so that it rightly comes back as another incarnation. */
    private static final Set<String> DAMAGING = Set.of("wipe", "corruption", "bit-rot", "full-disk", "io-errors");

    private Catalogue() {}

    /** Whether one of these can cost a node its files. */
    public static boolean damage(Collection<String> names) {
        return names.stream().anyMatch(DAMAGING::contains);
    }

    private static void nodes(String name, String words, Blow blow) {
        add(
                name,
                Front.NODES,
                Need.NOTHING,
                words + " to one node, by turns the leader and any",
                (t, random) -> new NodeNemesis(t.cluster(), t.operator(), blow, null, random));
        for (Target target : Target.values()) {
            add(
                    name + "-" + lower(target),
                    Front.NODES,
                    Need.NOTHING,
                    words + " to " + lower(target),
                    (t, random) -> new NodeNemesis(t.cluster(), t.operator(), blow, target, random));
        }
    }

    private static void partition(Shape shape, String words) {
        add(
                shape == Shape.ONE ? "partition" : "partition-" + lower(shape),
                Front.NETWORK,
                Need.LINKS,
                words,
                (t, random) -> new PartitionNemesis(t.cluster(), shape, random));
    }

    private static void store(StoreNemesis.Trouble trouble, String words) {
        add(
                trouble == null ? "s3" : "s3-" + lower(trouble),
                Front.STORE,
                Need.NOTHING,
                words,
                (t, random) -> new StoreNemesis(t.proxy(), trouble, random));
    }

    private static void add(String name, Front front, Need need, String words, Maker maker) {
        ENTRIES.put(name, new Entry(name, front, need, words, maker));
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** All of them. */
    public static Collection<Entry> all() {
        return Collections.unmodifiableCollection(ENTRIES.values());
    }

    /** The names of all of them. */
    public static List<String> names() {
        return List.copyOf(ENTRIES.keySet());
    }

    /** The one of this name. */
    public static Entry of(String name) {
        Entry entry = ENTRIES.get(name);
        if (entry == null) {
            String why = MISSING.get(name);
            throw new IllegalArgumentException(
                    why != null
                            ? "there is no nemesis " + name + ": " + why
                            : "there is no nemesis '" + name + "'; there are " + String.join(", ", ENTRIES.keySet()));
        }
        return entry;
    }
}

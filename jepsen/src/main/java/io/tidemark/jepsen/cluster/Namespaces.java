package io.tidemark.jepsen.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Each node in a network namespace of its own, all joined by one bridge whose address is ours:
 *
 * <pre>
 * tmjsK (bridge, 198.18.K.1/24) --- tmvK-n1 === eth0 (198.18.K.11) in namespace tmjsK-n1
 *                               --- tmvK-n2 === eth0 (198.18.K.12) in namespace tmjsK-n2 ...
 * </pre>
 *
 * <p>K is the first number whose bridge can be made, so runs beside one another never share one. The bridge's alias names
 * the process that made it; {@link #sweep} removes what belongs to processes that are gone, and nothing else.
 *
 * <p>A direction is cut by a wrong link address for the other node in the sender's neighbour table: its packets go to
 * nobody, silently, as on a broken wire. That needs no packet filter. Slow links are token buckets on both ends.
 */
public final class Namespaces implements Hosts, Links {

    private static final int NETWORKS = 250;
    private static final String PREFIX = "tmjs";
    private static final Pattern BRIDGE = Pattern.compile(PREFIX + "[0-9]{1,3}");
    private static final String ALIAS = "tidemark-jepsen";
    private static final Path DEVICES = Path.of("/sys/class/net");
    private static final String NOBODY = "02:00:00:00:00:fe";
    private static final int FIRST_HOST = 11;
    private static final int FIRST_PORT = 7000;

    private final int number;
    private final List<String> names;
    private final Set<String> cuts = ConcurrentHashMap.newKeySet();
    private final Set<String> slow = new HashSet<>();
    private final Thread atExit = new Thread(this::remove, "remove-namespaces");

    private Namespaces(int number, List<String> names) {
        this.number = number;
        this.names = List.copyOf(names);
    }

    /** Makes namespaces; empty if this machine does not allow it. */
    public static Optional<Namespaces> open(List<String> names) {
        for (int k = 0; k < NETWORKS; k++) {
            Shell.Result made = Shell.ask(List.of("ip", "link", "add", PREFIX + k, "type", "bridge"));
            if (made.done()) {
                Namespaces namespaces = new Namespaces(k, names);
                return namespaces.furnish() ? Optional.of(namespaces) : Optional.empty();
            }
            if (!Files.exists(DEVICES.resolve(PREFIX + k))) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    private boolean furnish() {
        Runtime.getRuntime().addShutdownHook(atExit);
        try {
            Shell.run("ip", "link", "set", bridge(), "alias", owner(ProcessHandle.current()));
            Shell.run("ip", "addr", "add", gateway() + "/24", "dev", bridge());
            Shell.run("ip", "link", "set", bridge(), "up");
            for (String name : names) {
                String space = namespace(name);
                Shell.run("ip", "netns", "add", space);
                Shell.run("ip", "link", "add", outer(name), "type", "veth", "peer", "name", "eth0", "netns", space);
                Shell.run("ip", "link", "set", outer(name), "master", bridge(), "up");
                Shell.run("ip", "-n", space, "addr", "add", address(name) + "/24", "dev", "eth0");
                Shell.run("ip", "-n", space, "link", "set", "eth0", "up");
                Shell.run("ip", "-n", space, "link", "set", "lo", "up");
            }
            return true;
        } catch (IllegalStateException e) {
            close();
            return false; // a bridge, but no namespaces: the same as not allowed
        }
    }

    /** Removes namespaces, with the processes in them, whose maker is gone. */
    static void sweep() {
        for (String bridge : bridges()) {
            Optional<String> maker = maker(bridge);
            if (maker.isPresent() && !living(maker.get())) {
                remove(bridge);
            }
        }
    }

    private static List<String> bridges() {
        try (Stream<Path> devices = Files.list(DEVICES)) {
            return devices.map(d -> d.getFileName().toString())
                    .filter(d -> BRIDGE.matcher(d).matches())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The alias, if it is one of ours; a bridge that was just made has none yet. */
    private static Optional<String> maker(String bridge) {
        try {
            String alias =
                    Files.readString(DEVICES.resolve(bridge).resolve("ifalias")).strip();
            return alias.startsWith(ALIAS) ? Optional.of(alias) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty(); // it went meanwhile
        }
    }

    private static boolean living(String maker) {
        return ProcessHandle.of(Long.parseLong(maker.split(" ")[1]))
                .filter(process -> owner(process).equals(maker))
                .isPresent();
    }

    private static String owner(ProcessHandle process) {
        String start = process.info().startInstant().map(Instant::toString).orElse("?");
        return ALIAS + " " + process.pid() + " " + start;
    }

    private static void remove(String bridge) {
        for (String space :
                Shell.ask(List.of("ip", "netns", "list")).said().lines().toList()) {
            String name = space.split(" ")[0];
            if (name.startsWith(bridge + "-")) {
                Shell.ask(List.of("ip", "netns", "pids", name))
                        .said()
                        .lines()
                        .filter(pid -> pid.matches("[0-9]+"))
                        .forEach(pid -> Shell.ask(List.of("kill", "-s", "KILL", pid)));
                // The last reference to a namespace takes both ends of its veth pair with it.
                Shell.ask(List.of("ip", "-n", name, "link", "del", "eth0"));
                Shell.ask(List.of("ip", "netns", "del", name));
            }
        }
        Shell.ask(List.of("ip", "link", "del", bridge));
    }

    @Override
    public List<String> names() {
        return names;
    }

    @Override
    public String description() {
        return names.size() + " network namespaces " + bridge() + "-* on bridge " + bridge() + " (" + gateway()
                + "/24)";
    }

    @Override
    public String address(String node) {
        return "198.18." + number + "." + (FIRST_HOST + names.indexOf(node));
    }

    @Override
    public String gateway() {
        return "198.18." + number + ".1";
    }

    @Override
    public int port(int port) {
        return FIRST_PORT + port;
    }

    @Override
    public List<String> enter(String node) {
        return List.of("nsenter", "--net=/run/netns/" + namespace(node));
    }

    @Override
    public Links links() {
        return this;
    }

    @Override
    public void cut(String from, String to) {
        Shell.run(
                "ip",
                "-n",
                namespace(from),
                "neigh",
                "replace",
                address(to),
                "lladdr",
                NOBODY,
                "dev",
                "eth0",
                "nud",
                "permanent");
        cuts.add(from + ">" + to);
    }

    @Override
    public void join(String from, String to) {
        if (cuts.remove(from + ">" + to)) {
            Shell.run("ip", "-n", namespace(from), "neigh", "del", address(to), "dev", "eth0");
        }
    }

    @Override
    public void slow(String node, int kilobitsPerSecond) {
        slow.add(node);
        List<String> bucket =
                List.of("root", "tbf", "rate", kilobitsPerSecond + "kbit", "burst", "16kb", "latency", "400ms");
        List<String> inside = new ArrayList<>(List.of("tc", "-n", namespace(node), "qdisc", "replace", "dev", "eth0"));
        List<String> outside = new ArrayList<>(List.of("tc", "qdisc", "replace", "dev", outer(node)));
        inside.addAll(bucket);
        outside.addAll(bucket);
        Shell.run(inside.toArray(String[]::new));
        Shell.run(outside.toArray(String[]::new));
    }

    @Override
    public void quicken(String node) {
        if (slow.remove(node)) {
            Shell.ask(List.of("tc", "-n", namespace(node), "qdisc", "del", "dev", "eth0", "root"));
            Shell.ask(List.of("tc", "qdisc", "del", "dev", outer(node), "root"));
        }
    }

    private String bridge() {
        return PREFIX + number;
    }

    private String namespace(String node) {
        return bridge() + "-" + node;
    }

    private String outer(String node) {
        return "tmv" + number + "-" + node;
    }

    private void remove() {
        remove(bridge());
    }

    /** Removes bridge and namespaces, and kills what still runs in them. */
    @Override
    public void close() {
        remove();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            // the JVM is already ending and runs the hook itself
        }
    }
}

package io.tidemark.jepsen.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NamespacesTest {

    private static final List<String> NAMES = List.of("n1", "n2", "n3");
    private Namespaces hosts;

    @BeforeEach
    void open() {
        Optional<Namespaces> opened = Namespaces.open(NAMES);
        Assumptions.assumeTrue(opened.isPresent(), "this machine lets tests make no network namespaces");
        hosts = opened.orElseThrow();
    }

    @AfterEach
    void close() {
        if (hosts != null) {
            hosts.close();
        }
    }

    @Test
    void everyNodeHasItsOwnAddressAndTwoRunsNeverShareOne() {
        for (String name : NAMES) {
            assertTrue(inside(name, "ip", "-4", "addr").contains(hosts.address(name) + "/24"), name);
        }
        try (Namespaces other = Namespaces.open(NAMES).orElseThrow()) {
            assertNotEquals(hosts.gateway(), other.gateway());
        }
    }

    @Test
    void aCutIsOfOneDirectionAndIsHealed() {
        hosts.cut("n1", "n2");
        assertTrue(inside("n1", "ip", "neigh").contains(hosts.address("n2")));
        assertFalse(inside("n2", "ip", "neigh").contains(hosts.address("n1")));
        hosts.join("n1", "n2");
        assertFalse(inside("n1", "ip", "neigh").contains("PERMANENT"));
        hosts.join("n1", "n2");
    }

    @Test
    void aSlowLinkIsQuickenedAgain() {
        hosts.slow("n1", 100);
        assertTrue(inside("n1", "tc", "qdisc", "show", "dev", "eth0").contains("rate 100Kbit"));
        hosts.quicken("n1");
        assertFalse(inside("n1", "tc", "qdisc", "show", "dev", "eth0").contains("rate"));
    }

    @Test
    void nothingIsLeft() {
        String address = hosts.gateway();
        hosts.close();
        assertFalse(Shell.run("ip", "-4", "addr").contains(address + "/"));
    }

    @Test
    void aSweepTakesOnlyWhatBelongsToTheDead() throws Exception {
        String bridge = hosts.description().replaceAll(".*bridge (\\S+) .*", "$1");
        Namespaces.sweep();
        assertTrue(Files.exists(Path.of("/sys/class/net", bridge)), "a living run's bridge was swept");
        Process dead = new ProcessBuilder("true").start();
        dead.waitFor();
        Shell.run("ip", "link", "set", bridge, "alias", "tidemark-jepsen " + dead.pid() + " ?");
        Namespaces.sweep();
        assertFalse(Files.exists(Path.of("/sys/class/net", bridge)), "a dead run's bridge is left");
        assertEquals("", Shell.run("sh", "-c", "ip netns list | grep '^" + bridge + "-' || true"));
    }

    private String inside(String node, String... command) {
        List<String> whole = new ArrayList<>(hosts.enter(node));
        whole.addAll(List.of(command));
        return Shell.run(whole.toArray(String[]::new));
    }
}

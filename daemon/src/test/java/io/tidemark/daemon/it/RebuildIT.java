package io.tidemark.daemon.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.daemon.it.Dist.Outcome;
import io.tidemark.daemon.node.ScratchEngine;
import io.tidemark.daemon.node.Settings;
import io.tidemark.engine.StorageEngine;
import io.tidemark.engine.log.Command;
import io.tidemark.engine.log.Entry;
import io.tidemark.engine.log.EntryCodec;
import io.tidemark.engine.log.EntryKind;
import io.tidemark.engine.log.LogEntry;
import io.tidemark.engine.log.Operation;
import io.tidemark.engine.log.Precondition;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** A daemon whose files are not to be gone on with: it puts them aside and comes back by itself. */
@EnabledIfSystemProperty(named = "tidemark.long", matches = "true")
@Timeout(240)
class RebuildIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path scratch;

    private Dist tidemark;
    private Path dir;

    @BeforeEach
    void up() throws Exception {
        tidemark = new Dist(scratch);
        dir = scratch.resolve("cluster");
        run("up", "--detach").ok();
    }

    @AfterEach
    void down() throws Exception {
        run("down").ok();
    }

    private Outcome run(String command, String... arguments) throws Exception {
        Stream<String> all = Stream.concat(Stream.of(command, "--dir", dir.toString()), Arrays.stream(arguments));
        return tidemark.run(all.toArray(String[]::new));
    }

    private String follower() throws Exception {
        String leader =
                JSON.readTree(run("status", "--json").ok().out()).path("leader").asText();
        return leader.equals("n3") ? "n2" : "n3";
    }

    private void equalNodes() throws Exception {
        JsonNode verified = JSON.readTree(run("verify", "--json").ok().out());
        assertTrue(verified.path("ok").asBoolean(), verified.toString());
    }

    private int incarnation(String name) throws IOException {
        return JSON.readTree(dir.resolve(name).resolve("identity.json").toFile())
                .path("incarnation")
                .asInt();
    }

    private void awaitIncarnation(String name, int wanted) throws IOException {
        long end = System.nanoTime() + 60_000_000_000L;
        while (!Files.exists(dir.resolve(name).resolve("identity.json")) || incarnation(name) != wanted) {
            assertTrue(
                    System.nanoTime() < end,
                    name + " did not come back: "
                            + Files.readString(dir.resolve("run").resolve(name + ".log")));
            LockSupport.parkNanos(50_000_000);
        }
    }

    private String evidence(String name) throws IOException {
        Path unfit = dir.resolve(name).resolve("unfit");
        for (String kept : List.of("engine", "raft", "identity.json", "log-tail")) {
            assertTrue(Files.exists(unfit.resolve(kept)), kept);
        }
        return Files.readString(unfit.resolve("why.txt"));
    }

    @Test
    void l5_aNodeWhoseLogWasCutComesBackByItself() throws Exception {
        run("put", "a", "1").ok();
        run("put", "b", "2").ok();
        String name = follower();
        run("stop", name).ok();
        Path log;
        try (Stream<Path> files = Files.walk(dir.resolve(name).resolve("raft"))) {
            log = files.filter(file -> file.getFileName().toString().startsWith("log_inprogress_"))
                    .findFirst()
                    .orElseThrow();
        }
        byte[] whole = Files.readAllBytes(log);
        int firstEntry = whole[8] & 0x7f | (whole[8] < 0 ? whole[9] << 7 : 0);
        Files.write(log, Arrays.copyOf(whole, 8 + (whole[8] < 0 ? 2 : 1) + firstEntry + 4));
        run("start", name).ok();
        assertEquals(2, incarnation(name));
        assertTrue(evidence(name).contains("but it was synced up to"), evidence(name));
        equalNodes();
    }

    /** Found at the start, or later by an entry that needs the page: then the process halts, and its successor knows. */
    @Test
    void aNodeWhosePagesAreDamagedComesBackByItself() throws Exception {
        for (int i = 0; i < 20; i++) {
            run("put", "key-" + i, "value").ok();
        }
        String name = follower();
        run("stop", name).ok();
        Path pages = dir.resolve(name).resolve("engine").resolve("pages.dat");
        byte[] bytes = Files.readAllBytes(pages);
        for (int at = 8192 + 500; at < bytes.length; at += 8192) {
            bytes[at] ^= 1;
        }
        Files.write(pages, bytes);
        Outcome started = run("start", name);
        run("put", "key-7", "other").ok();
        if (started.code() == 0 && !Files.exists(dir.resolve(name).resolve("unfit"))) {
            awaitHalted(name);
            run("start", name).ok();
        } else if (started.code() != 0) {
            run("start", name).ok();
        }
        awaitIncarnation(name, 2);
        assertTrue(evidence(name).contains("damaged"), evidence(name));
        awaitReady(name);
        equalNodes();
    }

    private void awaitHalted(String name) throws Exception {
        long end = System.nanoTime() + 60_000_000_000L;
        while (!run("status").out().contains("DOWN")
                && !Files.exists(dir.resolve(name).resolve("unfit"))) {
            assertTrue(System.nanoTime() < end, name + " does not notice");
            LockSupport.parkNanos(50_000_000);
        }
    }

    @Test
    void c1_anOutvotedNodeSetsItsStoreAsideAndComesBackByItself() throws Exception {
        run("put", "a", "1").ok();
        String name = follower();
        run("stop", name).ok();
        Path engine = dir.resolve(name).resolve("engine");
        Path earlier = scratch.resolve("earlier");
        copy(engine, earlier);
        run("start", name).ok();
        run("put", "flipped", "right").ok();
        equalNodes();
        run("stop", name).ok();
        delete(engine);
        copy(earlier, engine);
        applyAnother(engine);
        run("start", name).ok();
        run("put", "more", "1").ok();
        awaitIncarnation(name, 2);
        assertTrue(evidence(name).contains("most members have another redo chain"), evidence(name));
        awaitReady(name);
        run("put", "last", "1").ok();
        equalNodes();
    }

    private void awaitReady(String name) throws Exception {
        long end = System.nanoTime() + 60_000_000_000L;
        while (true) {
            for (JsonNode node :
                    JSON.readTree(run("status", "--json").ok().out()).path("nodes")) {
                if (node.path("name").asText().equals(name)
                        && node.path("role").asText().equals("FOLLOWER")) {
                    return;
                }
            }
            assertTrue(System.nanoTime() < end, name + " does not follow");
            LockSupport.parkNanos(200_000_000);
        }
    }

    /** As if a bit had been flipped in memory while the entry was applied. */
    private static void applyAnother(Path engine) {
        try (StorageEngine opened = ScratchEngine.open(engine, Settings.standard())) {
            StorageEngine.State state = opened.state();
            Operation wrong = new Operation.Put(
                    "default",
                    "flipped".getBytes(StandardCharsets.UTF_8),
                    "wrong".getBytes(StandardCharsets.UTF_8),
                    Precondition.NONE);
            byte[] payload = EntryCodec.encode(new Entry(state.timeMillis(), List.of(Command.of(wrong))));
            opened.apply(new LogEntry(state.applied() + 1, state.term(), EntryKind.COMMANDS, payload));
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path path : files.toList()) {
                Path target = to.resolve(from.relativize(path));
                if (Files.isDirectory(path)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(path, target);
                }
            }
        }
    }

    private static void delete(Path tree) throws IOException {
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}

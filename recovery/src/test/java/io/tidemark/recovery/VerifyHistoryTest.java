package io.tidemark.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.shipper.pace.Pace;
import io.tidemark.shipper.store.SimulatedObjectStore;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifyHistoryTest {
    private static final String HISTORY = "5b1e2a57-0000-4000-8000-000000000001";

    @TempDir
    Path directory;

    private final SimulatedObjectStore store = new SimulatedObjectStore();
    private final VerifyHistory verify = new VerifyHistory(store, p -> {});
    private long mark;
    private long chain;

    @BeforeEach
    void ship() {
        try (ShippedEngine leader = new ShippedEngine(directory.resolve("leader"), HISTORY, store)) {
            leader.work(new Random(1), 60);
            mark = leader.ship();
            chain = leader.engine().chainAt(mark).orElseThrow();
        }
    }

    private VerifyReport replaying(String history) {
        return verify.replaying(
                history, Optional.empty(), () -> ShippedEngine.open(directory.resolve("scratch-" + UUID.randomUUID())));
    }

    @Test
    void aSoundHistoryReplaysToTheStateThatWasShipped() {
        VerifyReport report = replaying(HISTORY);

        assertEquals(List.of(), report.problems());
        assertTrue(report.sound());
        assertEquals(mark, report.mark());
        assertEquals(mark, report.replayed().lsn());
        assertEquals(chain, report.replayed().redoChain());
        assertEquals(mark + 1, report.entries());
        assertEquals(store.keys().size(), report.objects());
        assertEquals(report.objects(), report.segments() + report.manifests() + 1);
    }

    @Test
    void aForkIsVerifiedWithItsAncestors() {
        RestoreReport child = new Restore(
                        store,
                        () -> ShippedEngine.open(directory.resolve("child")),
                        () -> UUID.randomUUID().toString(),
                        Pace.system(),
                        p -> {})
                .run(Optional.of(HISTORY), Optional.of(mark - 3));
        try (ShippedEngine next = new ShippedEngine(directory.resolve("child"), child.history(), store)) {
            next.work(new Random(2), 30);
            long shipped = next.ship();

            VerifyReport report = replaying(child.history());
            assertEquals(List.of(), report.problems());
            assertEquals(shipped, report.replayed().lsn());
            assertEquals(
                    next.engine().chainAt(shipped).orElseThrow(),
                    report.replayed().redoChain());
            assertEquals(store.keys().size(), report.objects());
        }
    }

    @Test
    void aFlippedByteInAnyObjectIsReportedWithItsKey() {
        for (String key : store.keys()) {
            int length = store.peek(key).length;
            for (int offset = 0; offset < length; offset += 1 + length / 7) {
                for (boolean hashToo : new boolean[] {false, true}) {
                    store.handOutDamage(hashToo);
                    store.flip(key, offset, 0x40);
                    VerifyReport report = verify.objects(HISTORY);
                    store.flip(key, offset, 0x40);
                    assertFalse(report.sound(), key + " at " + offset);
                    assertTrue(
                            report.problems().stream().anyMatch(p -> p.contains(key)),
                            key + " at " + offset + ": " + report.problems());
                }
            }
        }
        assertTrue(verify.objects(HISTORY).sound());
    }

    @Test
    void aLostObjectIsReported() {
        String segment = store.keys().stream()
                .filter(k -> k.endsWith(".seg"))
                .skip(1)
                .findFirst()
                .orElseThrow();
        store.lose(segment);

        VerifyReport report = replaying(HISTORY);

        assertTrue(
                report.problems().stream().anyMatch(p -> p.contains("has a gap")),
                report.problems().toString());
        assertTrue(
                report.problems().stream().anyMatch(p -> p.contains(segment)),
                report.problems().toString());
        assertEquals(null, report.replayed());
    }

    @Test
    void anObjectThatIsListedAndCannotBeReadIsReported() {
        String segment = store.keys().stream()
                .filter(k -> k.endsWith(".seg"))
                .findFirst()
                .orElseThrow();
        store.hide(segment);
        assertTrue(verify.objects(HISTORY).problems().contains("object " + segment + " is listed and cannot be read"));
    }

    @Test
    void aStrangersObjectIsReported() {
        store.putIfAbsent(HISTORY + "/notes.txt", new byte[] {1});
        assertTrue(verify.objects(HISTORY).problems().get(0).contains("notes.txt"));
    }

    @Test
    void onlyAStoreThatIsAwayOrAHistoryThatIsNotThereEndsIt() {
        TidemarkException unknown = assertThrows(TidemarkException.class, () -> verify.objects("unknown"));
        assertEquals(ErrorKind.NOT_FOUND, unknown.kind());
        store.available(false);
        TidemarkException away = assertThrows(TidemarkException.class, () -> verify.objects(HISTORY));
        assertEquals(ErrorKind.UNAVAILABLE, away.kind());
    }
}

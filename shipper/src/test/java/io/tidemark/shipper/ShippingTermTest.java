package io.tidemark.shipper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.codahale.metrics.MetricRegistry;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.Halt;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.log.LogEntry;
import io.tidemark.engine.log.Operation;
import io.tidemark.shipper.ModelCluster.Node;
import io.tidemark.shipper.ModelCluster.Proposing;
import io.tidemark.shipper.ShippingTerm.Phase;
import io.tidemark.shipper.catalog.HistoryReader;
import io.tidemark.shipper.manifest.HistoryRecord;
import io.tidemark.shipper.manifest.Manifest;
import io.tidemark.shipper.pace.ManualPace;
import io.tidemark.shipper.segment.SealedSegment;
import io.tidemark.shipper.segment.SegmentFooter.Position;
import io.tidemark.shipper.segment.SegmentName;
import io.tidemark.shipper.segment.SegmentReader;
import io.tidemark.shipper.segment.SegmentWriter;
import io.tidemark.shipper.store.SimulatedObjectStore;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ShippingTermTest {
    private static final String HISTORY = ModelCluster.HISTORY;
    private static final ShipperOptions OPTIONS =
            ShipperOptions.builder().segmentBytes(4 << 10).build();

    private final SimulatedObjectStore store = new SimulatedObjectStore();
    private final ModelCluster cluster = new ModelCluster(store);
    private final ManualPace pace = new ManualPace();
    private final MetricRegistry metrics = new MetricRegistry();

    private ShippingTerm leader(Node node) {
        return new Shipper(OPTIONS, HISTORY, store, node, node, node::state, pace, new Random(1), metrics, Halt.THROW)
                .newTerm();
    }

    private void stepUntil(ShippingTerm term, Phase phase) {
        for (int i = 0; i < 200 && term.phase() != phase; i++) {
            pace.pause(term.step());
        }
        assertEquals(phase, term.phase(), term.error());
    }

    /** Steps until nothing is left to do but wait for more. */
    private void settle(ShippingTerm term) {
        for (int i = 0; i < 300; i++) {
            pace.pause(term.step());
        }
    }

    private List<String> segments() {
        return store.keys().stream().filter(k -> k.endsWith(".seg")).toList();
    }

    private Manifest newest() {
        return new HistoryReader(store).newestManifest(HISTORY).orElseThrow();
    }

    private SealedSegment cutBy(Node node, long first, long last, Position position) {
        SegmentWriter writer = new SegmentWriter(HISTORY, first);
        for (long lsn = first; lsn <= last; lsn++) {
            writer.add(node.entry(lsn).orElseThrow());
        }
        return writer.finish(position);
    }

    private Position positionAt(Node node, long lsn) {
        return new Position(
                node.chainAt(lsn).orElseThrow(),
                node.state().terms(),
                node.state().configurationLsn(),
                node.state().configuration());
    }

    /** What a leader leaves behind that dies between its manifest and its announcement. */
    private Manifest leaveBehind(Node node, long first, long last) {
        SealedSegment sealed = cutBy(node, first, last, positionAt(node, last));
        store.putIfAbsent(sealed.name().key(), sealed.bytes());
        Manifest.Segment segment =
                new Manifest.Segment(sealed.name().key(), first, last, sealed.bytes().length, sealed.sha256Hex());
        Manifest manifest = new Manifest(HISTORY, last, 0, positionAt(node, last), segment, -1, 7);
        store.putIfAbsent(manifest.key(), manifest.encode());
        return manifest;
    }

    @Test
    void aClientsEntryIsShippedAfterItsAgeWithSegmentThenManifestThenMark() {
        cluster.put(10);
        Node node = cluster.new Node();
        ShippingTerm term = leader(node);

        stepUntil(term, Phase.PUTTING_SEGMENT);
        assertEquals(List.of(HISTORY + "/history.json"), store.keys());
        stepUntil(term, Phase.PUTTING_MANIFEST);
        assertEquals(List.of(new SegmentName(HISTORY, 0, 2).key()), segments());
        assertEquals(-1, cluster.shipped());
        stepUntil(term, Phase.PROPOSING);
        assertEquals(2, newest().mark());
        assertEquals(-1, cluster.shipped());
        stepUntil(term, Phase.GATHERING);
        assertEquals(2, cluster.shipped());

        HistoryRecord record = new HistoryReader(store).history(HISTORY);
        assertEquals("", record.parent());
        assertEquals(-1, record.fork());
    }

    @Test
    void m3_anIdleClusterFallsSilent() {
        cluster.put(10);
        Node node = cluster.new Node();
        ShippingTerm term = leader(node);
        settle(term);
        long shipped = cluster.shipped();
        long last = cluster.last();
        int requests = store.requests();
        assertEquals(last - 1, shipped, "only the announcement itself is above the mark");

        pace.pause(3_600_000);
        settle(term);

        assertEquals(last, cluster.last(), "no entry was proposed");
        assertEquals(requests, store.requests(), "S3 was not asked");
        assertTrue(Bookkeeping.holds(cluster.entry(last)));
    }

    @Test
    void m3_bookkeepingAloneIsNotCutByAgeAndGoesWithTheNextClientEntry() {
        Node node = cluster.new Node();
        ShippingTerm term = leader(node);
        cluster.metadata();
        cluster.append(new Operation.ExpireSessions(5));
        cluster.newTerm();
        node.applyAll();
        settle(term);
        assertEquals(-1, cluster.shipped());

        cluster.put(1);
        node.applyAll();
        settle(term);
        assertEquals(5, cluster.shipped());
    }

    @Test
    void m4_footerAndManifestCarryTermsAndConfiguration() {
        cluster.put(10);
        cluster.newTerm();
        cluster.put(10);
        Node node = cluster.new Node();
        settle(leader(node));

        Position position = newest().position();
        assertEquals(node.state().terms(), position.terms());
        assertEquals(3, position.configurationLsn());
        SegmentReader reader = new HistoryReader(store).segment(new SegmentName(HISTORY, 0, 4));
        assertEquals(position.terms(), reader.footer().position().terms());
        assertEquals(position.redoChain(), reader.footer().position().redoChain());
    }

    @Test
    void m4_aConfigurationOutlivesTheSegmentThatHeldIt() {
        cluster.put(10);
        Node node = cluster.new Node();
        settle(leader(node));
        cluster.put(10);
        node.applyAll();
        settle(leader(node));

        assertEquals(2, cluster.accepted().size());
        assertEquals(0, newest().position().configurationLsn());
        assertEquals(
                "peers of term 1",
                new String(newest().position().configuration(), java.nio.charset.StandardCharsets.UTF_8));
    }

    @Test
    void neverAboveWhatIsCommittedAndAppliedHere() {
        Node node = cluster.new Node();
        cluster.put(10);
        cluster.put(10);
        node.applyTo(2);
        settle(leader(node));

        assertEquals(2, cluster.accepted().get(0).last());
    }

    @Test
    void aFullSegmentIsCutAtOnceAndABacklogIsDrainedInLargeOnes() {
        for (int i = 0; i < 100; i++) {
            cluster.put(400);
        }
        Node node = cluster.new Node();
        ShippingTerm term = leader(node);
        for (int i = 0; i < 60; i++) {
            term.step();
        }

        assertTrue(cluster.shipped() >= 90, "without any time passing: " + cluster.shipped());
        assertTrue(segments().size() <= 14, segments().toString());
        cluster.proveCoverage();
    }

    @Test
    void x1_aNewLeaderAnnouncesExactlyWhatTheNewestManifestNamesBeforeItCutsAnything() {
        cluster.put(10);
        cluster.put(10);
        Node node = cluster.new Node();
        Manifest left = leaveBehind(node, 0, 2);
        cluster.newTerm();
        node.applyAll();
        node.proposing(Proposing.HOLDS);
        ShippingTerm term = leader(node);
        settle(term);

        assertTrue(node.holds());
        assertEquals(List.of(left.segment().key()), segments(), "nothing is cut before the announcement is applied");

        node.release();
        node.proposing(Proposing.APPLIES);
        settle(term);
        assertEquals(left.segment().key(), cluster.accepted().get(0).object());
        assertEquals(2, cluster.accepted().get(0).last());
        assertTrue(cluster.shipped() > 2);
        cluster.proveCoverage();
    }

    @Test
    void x1_aNewLeaderWhoseLogLostTheEntriesStillAnnouncesTheManifest() {
        cluster.put(10);
        Node node = cluster.new Node();
        leaveBehind(node, 0, 2);
        cluster.put(10);
        node.applyAll();
        node.purge(2);
        settle(leader(node));

        assertTrue(cluster.shipped() >= 3);
        cluster.proveCoverage();
    }

    @Test
    void x1_aManifestThatAStaleLeaderCutOtherwiseIsAnnouncedFromTheMarkOn() {
        cluster.put(10);
        Node node = cluster.new Node();
        settle(leader(node));
        long mark = cluster.shipped();
        cluster.put(10);
        cluster.put(10);
        node.applyAll();
        leaveBehind(node, 1, mark + 2);
        settle(leader(node));

        assertEquals(mark + 1, cluster.accepted().get(1).first());
        assertEquals(mark + 2, cluster.accepted().get(1).last());
        cluster.proveCoverage();
    }

    private ShippingTerm leader(Node node, LateWorkers workers) {
        return new Shipper(OPTIONS, HISTORY, store, node, node, node::state, pace, new Random(1), metrics, Halt.THROW)
                .newTerm(Optional.empty(), workers, () -> {});
    }

    private List<String> manifests() {
        return store.keys().stream().filter(k -> k.contains("/manifest/")).toList();
    }

    @Test
    void x1_m1_fullSegmentsGoTogetherAndAreNamedInTheOrderOfTheLog() {
        for (int i = 0; i < 200; i++) {
            cluster.put(400);
        }
        LateWorkers workers = new LateWorkers();
        ShippingTerm term = leader(cluster.new Node(), workers);
        stepUntil(term, Phase.PUTTING_SEGMENT);
        term.step();
        assertEquals(OPTIONS.parallelSegments(), workers.waiting());

        while (workers.waiting() > 1) {
            workers.run(1);
        }
        settle(term);
        assertEquals(OPTIONS.parallelSegments() - 1, segments().size());
        assertEquals(List.of(), manifests(), "the first is not there yet");
        assertEquals(-1, cluster.shipped());

        workers.run(0);
        settle(term);
        assertEquals(OPTIONS.parallelSegments(), cluster.accepted().size());
        assertEquals(OPTIONS.parallelSegments(), workers.waiting(), "no more than these at once");
        assertEquals(
                OPTIONS.parallelSegments(),
                metrics.counter("shipper.segments-under-way").getCount());
        cluster.proveCoverage();

        term.close();
        assertEquals(0, metrics.counter("shipper.segments-under-way").getCount());
    }

    @Test
    void m6_aSegmentThatIsCutByItsAgeGoesAlone() {
        cluster.put(10);
        Node node = cluster.new Node();
        LateWorkers workers = new LateWorkers();
        ShippingTerm term = leader(node, workers);
        stepUntil(term, Phase.PUTTING_SEGMENT);
        settle(term);
        cluster.put(10);
        node.applyAll();
        settle(term);

        assertEquals(1, workers.waiting(), "what comes meanwhile shares the next one");
    }

    @Test
    void aSegmentThatFailsIsSentAgainWhileOthersOverlapIt() {
        for (int i = 0; i < 60; i++) {
            cluster.put(400);
        }
        LateWorkers workers = new LateWorkers();
        ShippingTerm term = leader(cluster.new Node(), workers);
        stepUntil(term, Phase.PUTTING_SEGMENT);
        term.step();
        store.available(false);
        workers.run(0);
        store.available(true);
        while (workers.waiting() > 0) {
            workers.run(0);
        }
        pace.pause(term.step());
        assertTrue(term.error().contains("away"), term.error());
        for (int i = 0; i < 100; i++) {
            pace.pause(term.step());
            while (workers.waiting() > 0) {
                workers.run(0);
            }
        }
        assertNull(term.error());
        assertTrue(cluster.shipped() >= 50, "shipped " + cluster.shipped());
        cluster.proveCoverage();
    }

    @Test
    void x1_theNextManifestIsPutOnlyAfterThePreviousAnnouncementIsApplied() {
        cluster.put(10);
        Node node = cluster.new Node();
        node.proposing(Proposing.HOLDS);
        ShippingTerm term = leader(node);
        settle(term);
        for (int i = 0; i < 50; i++) {
            cluster.put(400);
        }
        node.applyAll();
        settle(term);

        assertEquals(2, newest().mark(), "the announcement of 2 is not applied yet");
    }

    @Test
    void x1_aLeaderThatHasNotAppliedAsFarAsTheManifestWaits() {
        Node behind = cluster.new Node();
        cluster.put(10);
        leaveBehind(cluster.new Node(), 0, 2);
        ShippingTerm term = leader(behind);
        settle(term);
        assertEquals(Phase.LOOKING, term.phase());

        behind.applyAll();
        settle(term);
        assertEquals(2, cluster.accepted().get(0).last());
    }

    @Test
    void x2_ct8_anObjectOfAnotherWriterWithEqualEntriesIsAdoptedWithItsOwnHash() {
        cluster.put(10);
        Node node = cluster.new Node();
        Position position = positionAt(node, 2);
        SealedSegment other =
                cutBy(node, 0, 2, new Position(position.redoChain(), position.terms(), 0, new byte[] {1, 2, 3, 4}));
        store.putIfAbsent(other.name().key(), other.bytes());
        settle(leader(node));

        assertEquals(2, cluster.shipped());
        assertEquals(other.sha256Hex(), newest().segment().sha256());
        assertEquals(1, metrics.counter("shipper.adopted-objects").getCount());
    }

    @Test
    void x2_differentEntriesUnderOneKeyHalt() {
        cluster.put(10);
        Node node = cluster.new Node();
        SegmentWriter writer = new SegmentWriter(HISTORY, 0);
        writer.add(cluster.entry(0));
        writer.add(cluster.entry(1));
        LogEntry real = cluster.entry(2);
        writer.add(new LogEntry(2, real.term() + 5, real.kind(), real.payload()));
        SealedSegment other = writer.finish(positionAt(node, 2));
        store.putIfAbsent(other.name().key(), other.bytes());
        ShippingTerm term = leader(node);

        TidemarkException halted = assertThrows(TidemarkException.class, () -> settle(term));
        assertEquals(ErrorKind.FATAL, halted.kind());
        assertTrue(halted.getMessage().contains("two contents of one history"), halted.getMessage());
        assertEquals(-1, cluster.shipped());
    }

    @Test
    void aDamagedObjectUnderOurKeyStopsShippingWithItsName() {
        cluster.put(10);
        Node node = cluster.new Node();
        SealedSegment other = cutBy(node, 0, 2, new Position(0, List.of(), -1, new byte[] {9}));
        store.putIfAbsent(other.name().key(), other.bytes());
        store.flip(other.name().key(), 100, 4);
        ShippingTerm term = leader(node);
        settle(term);

        assertEquals(-1, cluster.shipped());
        assertTrue(term.error().contains(other.name().key()), term.error());
    }

    @Test
    void aDamagedManifestOfTheSameMarkIsSupersededByTheNextNumber() {
        cluster.put(10);
        Node node = cluster.new Node();
        ShippingTerm term = leader(node);
        stepUntil(term, Phase.PUTTING_MANIFEST);
        store.putIfAbsent(Manifest.key(HISTORY, 2, 0), new byte[] {'{', '}'});
        settle(term);

        assertEquals(2, cluster.shipped());
        assertEquals(1, newest().n());
    }

    @Test
    void withS3AwayNothingAdvancesAndShippingRecoversByItself() {
        Node node = cluster.new Node();
        ShippingTerm term = leader(node);
        settle(term);
        store.available(false);
        for (int i = 0; i < 200; i++) {
            cluster.put(400);
        }
        node.applyAll();
        long last = cluster.last();
        int before = store.requests();
        long since = pace.millis();
        while (pace.millis() - since < 1_800_000) {
            pace.pause(term.step());
        }
        assertEquals(-1, cluster.shipped());
        assertEquals(last, cluster.last(), "nothing was announced");
        assertTrue(term.error().contains("away"), term.error());
        assertTrue(store.requests() - before < 1_500, "backed off: " + (store.requests() - before));

        store.available(true);
        settle(term);
        assertNull(term.error());
        assertTrue(cluster.shipped() >= last - 1);
        cluster.proveCoverage();
    }

    @Test
    void aLostAnswerOfAProposalIsSettledByTheState() {
        cluster.put(10);
        Node node = cluster.new Node();
        node.proposing(Proposing.LOSES_ANSWER);
        ShippingTerm term = leader(node);
        stepUntil(term, Phase.PROPOSING);
        pace.pause(term.step());
        node.proposing(Proposing.APPLIES);
        node.applyAll();
        settle(term);

        assertEquals(1, cluster.accepted().size());
        assertEquals(2, cluster.shipped());
    }

    @Test
    void aMarkWithoutItsManifestSaysThatTheBucketIsAnother() {
        cluster.put(10);
        Node node = cluster.new Node();
        settle(leader(node));
        store.lose(Manifest.key(HISTORY, 2, 0));
        cluster.put(10);
        node.applyAll();
        ShippingTerm term = leader(node);
        settle(term);

        assertEquals(2, cluster.shipped());
        assertTrue(term.error().contains("another bucket or prefix"), term.error());
    }

    @Test
    void aHistoryOfAnotherClusterUnderOurIdIsNotMixed() {
        HistoryRecord other = new HistoryRecord(HISTORY, "someone", 5, "else", 0);
        store.putIfAbsent(other.key(), other.encode());
        cluster.put(10);
        ShippingTerm term = leader(cluster.new Node());
        settle(term);

        assertTrue(segments().isEmpty());
        assertTrue(term.error().contains("another history"), term.error());
    }

    @Test
    void h2_nothingIsShippedBeforeTheLogHasBegunThisHistory() {
        Node node = cluster.new Node();
        ShippingTerm term = new Shipper(
                        OPTIONS, "not-begun", store, node, node, node::state, pace, new Random(1), metrics, Halt.THROW)
                .newTerm();
        cluster.put(10);
        node.applyAll();
        settle(term);

        assertEquals(Phase.LOOKING, term.phase());
        assertTrue(store.keys().isEmpty());
    }
}

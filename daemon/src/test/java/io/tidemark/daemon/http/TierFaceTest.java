package io.tidemark.daemon.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.client.HttpAnswer;
import io.tidemark.client.Transport;
import io.tidemark.shipper.segment.SegmentName;
import io.tidemark.shipper.tier.TierRig;
import io.tidemark.shipper.tier.TierWork;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The routes of tiers, through the real port, over the real tiers. */
class TierFaceTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final TierRig rig = TierRig.withCopies(3);
    private final TierWork work = new TierWork(rig.tiers);
    private final MemoryCluster cluster = MemoryCluster.of(1);
    private final Transport transport = new Transport(Duration.ofSeconds(5), 16);

    TierFaceTest() {
        cluster.tiers = work;
        cluster.ship(1_000);
    }

    @AfterEach
    void close() {
        transport.close();
        cluster.close();
        work.close();
    }

    private HttpAnswer send(String method, String path, String body) {
        return transport
                .send(
                        cluster.endpoint(0),
                        method,
                        path,
                        Map.of(),
                        body.getBytes(StandardCharsets.UTF_8),
                        Duration.ofSeconds(20))
                .join();
    }

    private JsonNode ok(String method, String path, String body) {
        HttpAnswer answer = send(method, path, body);
        assertEquals(200, answer.status(), answer.text());
        try {
            return JSON.readTree(answer.body());
        } catch (IOException e) {
            throw new AssertionError(answer.text(), e);
        }
    }

    private static String path(SegmentName name) {
        return "{\"segment_path\": \"" + name.key() + "\"}";
    }

    private static String url(SegmentName name) {
        return URLEncoder.encode(name.key(), StandardCharsets.UTF_8);
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    @Test
    void statsHaveTheFieldsThatUsersOfTieredStorageKnow() {
        rig.shipHere(1);
        rig.shipHere(2);
        rig.ship(3); // by another node
        JsonNode stats = ok("GET", "/api/v1/tiered/stats", "");
        assertEquals(
                List.of(
                        "total_segments",
                        "hot_segments",
                        "warm_segments",
                        "cold_segments",
                        "archived_segments",
                        "total_size_bytes",
                        "local_size_bytes",
                        "local_cache_size_bytes"),
                names(stats));
        assertEquals(3, stats.path("total_segments").asLong());
        assertEquals(2, stats.path("hot_segments").asLong());
        assertEquals(1, stats.path("archived_segments").asLong());
        assertEquals(
                rig.put.values().stream().mapToLong(bytes -> bytes.length).sum(),
                stats.path("total_size_bytes").asLong());

        JsonNode tiers = ok("GET", "/api/v1/tiers/stats", "");
        assertEquals(2, tiers.path("hot").path("segments").asLong());
        assertTrue(
                names(tiers)
                        .containsAll(List.of(
                                "hot_segments",
                                "warm_segments",
                                "cold_segments",
                                "promotion_count",
                                "demotion_count",
                                "cache_hits",
                                "cache_misses")),
                tiers.toString());
        assertEquals(3, tiers.path("tracked_segments").asLong());
        assertEquals(0, tiers.path("demotion_count").asLong());
    }

    /** By the standard prices: three cents and less, so the sums are what is looked at. */
    @Test
    void theCostIsThatOfS3AndOfTheCopies() {
        rig.shipHere(1);
        rig.ship(2);
        JsonNode cost = ok("GET", "/api/v1/tiers/cost-analysis", "");
        double hot = cost.path("hot_storage_gb").asDouble();
        double all = cost.path("cold_storage_gb").asDouble();
        assertTrue(0 < hot && hot < all, cost.toString());
        assertEquals(0.08 * hot, cost.path("hot_storage_cost_monthly").asDouble(), 1e-12);
        assertEquals(0.023 * all, cost.path("cold_storage_cost_monthly").asDouble(), 1e-12);
        assertEquals(0.08 * hot + 0.023 * all, cost.path("total_cost_monthly").asDouble(), 1e-12);
        assertEquals(
                100 * 0.08 * (all - hot) / (0.103 * all),
                cost.path("cost_savings_pct").asDouble(),
                1e-9);
        assertEquals(0.4e-6, cost.path("retrieval_cost_per_restore").asDouble(), 1e-12);
    }

    @Test
    void ct9_archiveAndRestoreDoWhatTheySayAndMayBeRepeated() {
        SegmentName segment = rig.shipHere(1);
        for (int again = 0; again < 2; again++) {
            JsonNode archived = ok("POST", "/api/v1/tiered/archive", path(segment));
            assertEquals("success", archived.path("status").asText());
            assertTrue(archived.path("message").asText().contains(segment.key()), archived.toString());
            JsonNode now = ok("GET", "/api/v1/tiered/segments/" + url(segment), "");
            assertEquals(segment.key(), now.path("segment_path").asText());
            assertEquals("cold", now.path("policy").asText());
            assertTrue(now.path("is_archived").asBoolean());
            assertFalse(rig.hasFile(segment));
        }
        for (int again = 0; again < 2; again++) {
            JsonNode restored = ok("POST", "/api/v1/tiered/restore", path(segment));
            assertEquals("success", restored.path("status").asText());
            // the path as it is, not escaped, is as good
            JsonNode now = ok("GET", "/api/v1/tiered/segments/" + segment.key(), "");
            assertEquals("hot", now.path("policy").asText());
            assertFalse(now.path("is_archived").asBoolean());
            assertTrue(rig.hasFile(segment));
        }
        rig.pass(167 * TierRig.HOUR);
        JsonNode looked = ok("POST", "/api/v1/tiers/evaluate", "");
        assertEquals(0, looked.path("demoted").asLong());
        assertTrue(rig.hasFile(segment), "a restored segment stays at the next look");
    }

    @Test
    void howLongARestoredSegmentStaysMayBeSaid() {
        SegmentName segment = rig.ship(1);
        ok("POST", "/api/v1/tiered/restore", "{\"segment_path\": \"" + segment.key() + "\", \"hours\": 400}");
        rig.pass(399 * TierRig.HOUR);
        ok("POST", "/api/v1/tiers/evaluate", "");
        assertTrue(rig.hasFile(segment));
        rig.pass(TierRig.HOUR);
        assertEquals(1, ok("POST", "/api/v1/tiers/evaluate", "").path("demoted").asLong());
        assertFalse(rig.hasFile(segment));
    }

    @Test
    void aSegmentThatIsNotThereIsNotFound() {
        rig.shipHere(1);
        SegmentName nobodys = TierRig.name(7);
        for (HttpAnswer answer : List.of(
                send("GET", "/api/v1/tiered/segments/" + url(nobodys), ""),
                send("GET", "/api/v1/tiers/access/" + url(nobodys), ""),
                send("POST", "/api/v1/tiered/archive", path(nobodys)),
                send("POST", "/api/v1/tiered/restore", path(nobodys)),
                send("POST", "/api/v1/tiered/restore", "{\"segment_path\": \"/var/log/topic-0/0.log\"}"),
                send("GET", "/api/v1/tiered/segments/..%2F..%2Fetc%2Fpasswd", ""),
                send("GET", "/api/v1/tiered/nothing", ""))) {
            assertEquals(404, answer.status(), answer.text());
            assertTrue(answer.text().contains("NOT_FOUND"), answer.text());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "segment_path",
                "[]",
                "{}",
                "{\"segment_path\": 7}",
                "{\"segment_path\": \"\"}",
                "{\"segment_path\": \"x\", \"segment_path\": \"y\"}",
                "{\"segment_path\": \"x\", \"force\": true}",
                "{\"segment_path\": \"x\"} more"
            })
    void aBodyThatIsNoneIsRefusedInWords(String body) {
        for (String route : List.of("/api/v1/tiered/archive", "/api/v1/tiered/restore")) {
            HttpAnswer answer = send("POST", route, body);
            assertEquals(400, answer.status(), answer.text());
            assertTrue(answer.text().contains("\"message\""), answer.text());
        }
    }

    @Test
    void otherMistakesAreRefusedInWords() {
        SegmentName segment = rig.shipHere(1);
        String hours = "{\"segment_path\": \"" + segment.key() + "\", \"hours\": %s}";
        for (String bad : List.of("0", "-1", "1.5", "\"7\"", "99999999999999999999", "18446744073709551617")) {
            assertEquals(
                    400,
                    send("POST", "/api/v1/tiered/restore", hours.formatted(bad)).status(),
                    bad);
        }
        assertEquals(
                400,
                send("POST", "/api/v1/tiered/archive", hours.formatted("5")).status());
        assertEquals(400, send("GET", "/api/v1/tiered/stats?x=1", "").status());
        assertEquals(
                400, send("GET", "/api/v1/tiered/segments?tier=lukewarm", "").status());
        assertEquals(405, send("GET", "/api/v1/tiered/archive", "").status());
        assertEquals(405, send("POST", "/api/v1/tiered/stats", "").status());
        assertEquals(
                413, send("POST", "/api/v1/tiered/archive", " ".repeat(20_000)).status());
    }

    @Test
    void whereThereIsNoRoomARestoreIsRefused() {
        for (int n = 0; n < 3; n++) {
            ok("POST", "/api/v1/tiered/restore", path(rig.ship(n)));
        }
        HttpAnswer refusal = send("POST", "/api/v1/tiered/restore", path(rig.ship(3)));
        assertEquals(507, refusal.status(), refusal.text());
        assertTrue(refusal.text().contains("segment-cache-bytes"), refusal.text());
    }

    @Test
    void withoutS3FiguresComeAndChangesAreRefused() {
        SegmentName segment = rig.shipHere(1);
        rig.s3.available(false);
        assertEquals(
                1, ok("GET", "/api/v1/tiered/stats", "").path("hot_segments").asLong());
        assertEquals(503, send("POST", "/api/v1/tiered/archive", path(segment)).status());
        assertTrue(rig.hasFile(segment));
        rig.s3.available(true);
        ok("POST", "/api/v1/tiered/archive", path(segment));
    }

    @Test
    void whereTiersAreOffTheRoutesSaySo() {
        cluster.tiers = null;
        assertEquals(501, send("GET", "/api/v1/tiered/stats", "").status());
        assertEquals(
                501,
                send("POST", "/api/v1/tiered/archive", path(TierRig.name(1))).status());
        HttpAnswer off = send("GET", "/api/v1/tiers/stats", "");
        assertEquals(503, off.status());
        assertTrue(off.text().contains("segment-cache-bytes"), off.text());
    }

    @Test
    void segmentsAreListedByPagesAndTiers() {
        for (int n = 0; n < 5; n++) {
            rig.ship(n);
        }
        ok("POST", "/api/v1/tiered/restore", path(TierRig.name(2)));
        List<String> all = new ArrayList<>();
        String after = "";
        do {
            JsonNode page = ok("GET", "/api/v1/tiered/segments?limit=2&after=" + after, "");
            page.path("segments").forEach(s -> all.add(s.path("segment_path").asText()));
            after = page.path("next").asText("");
        } while (!after.isEmpty());
        assertEquals(5, all.size());
        assertEquals(TierRig.name(4).key(), all.get(4));
        JsonNode hot = ok("GET", "/api/v1/tiered/segments?tier=hot", "");
        assertEquals(1, hot.path("segments").size());
    }

    @Test
    void accessIsCounted() {
        SegmentName segment = rig.shipHere(1);
        for (int read = 0; read < 5; read++) {
            rig.tiers.read(segment);
        }
        JsonNode access = ok("GET", "/api/v1/tiers/access/" + url(segment), "");
        assertEquals(5, access.path("access_count").asLong());
        assertEquals(5.0, access.path("reads_per_hour").asDouble());
        assertEquals(5.0 / 3_600, access.path("average_read_hz").asDouble(), 1e-12);
        rig.tiers.read(rig.ship(2));
        JsonNode stats = ok("GET", "/api/v1/tiers/stats", "");
        assertEquals(5, stats.path("cache_hits").asLong());
        assertEquals(1, stats.path("cache_misses").asLong());
        assertEquals("hot", access.path("tier").asText());
    }
}

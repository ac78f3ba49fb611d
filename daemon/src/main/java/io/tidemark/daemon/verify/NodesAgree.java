package io.tidemark.daemon.verify;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.daemon.process.Poll;
import io.tidemark.daemon.remote.Cluster;
import io.tidemark.daemon.remote.ClusterReport;
import io.tidemark.daemon.remote.NodeApi;
import io.tidemark.daemon.remote.NodeReport;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

/** Compares the nodes with each other at the LSN of one {@code ObserveContents} command. */
public final class NodesAgree {
    private static final Duration LOOK = Duration.ofMillis(100);

    private final Cluster cluster;
    private final Duration limit;
    private final Consumer<String> progress;

    public NodesAgree(Cluster cluster, Duration limit, Consumer<String> progress) {
        this.cluster = cluster;
        this.limit = limit;
        this.progress = progress;
    }

    /** What all nodes that answered say about their contents; digest null when they differ. */
    public record Observed(long lsn, String sha256, String chain) {}

    public Observed compare(Findings findings) {
        ClusterReport before = cluster.reachable();
        for (NodeReport node : before.nodes()) {
            if (node.isDown()) {
                findings.add(node.name(), true, "is down and was not compared");
            }
        }
        long lsn = observe(before);
        findings.at(lsn);
        awaitApplied(before, lsn, findings);
        List<NodeReport> live = before.live();
        String chain = agree(live, "redo chain", lsn, "/v1/chain?lsn=" + lsn, List.of("chain"), findings);
        String digest =
                agree(live, "contents", lsn, "/v1/contents?lsn=" + lsn, List.of("sha256", "keys", "bytes"), findings);
        return new Observed(lsn, digest, chain);
    }

    /** Any node takes the command; the leader first. */
    private long observe(ClusterReport report) {
        String refusal = "nobody was asked";
        List<NodeReport> order = new ArrayList<>(report.live());
        order.sort((a, b) -> Boolean.compare(b.isLeader(), a.isLeader()));
        for (NodeReport node : order) {
            try {
                NodeApi.Answer answer = cluster.api()
                        .post(node.text("http"), "/v1/observe", Duration.ofSeconds(30))
                        .join();
                if (answer.isOk()) {
                    return answer.body().path("lsn").asLong();
                }
                refusal = node.name() + " said: " + answer.message();
            } catch (CompletionException e) {
                refusal = node.name() + " did not answer: " + e.getCause();
            }
        }
        throw new TidemarkException(
                ErrorKind.UNAVAILABLE,
                "no node took the observation that everything is compared at; " + refusal
                        + ". Verify again when the cluster has a leader.");
    }

    /** Waits until every node has applied the LSN and knows that S3 has it. */
    private void awaitApplied(ClusterReport before, long lsn, Findings findings) {
        Map<String, String> behind = new LinkedHashMap<>();
        Poll.until(limit, LOOK, () -> {
            ClusterReport now = cluster.report();
            behind.clear();
            for (NodeReport node : before.live()) {
                why(now, node.name(), lsn, behind);
            }
            if (!behind.isEmpty()) {
                progress.accept(behind.toString());
            }
            return behind.isEmpty();
        });
        behind.forEach((name, why) -> findings.add(name, false, why + " after " + limit.toSeconds() + " s"));
    }

    private static void why(ClusterReport now, String name, long lsn, Map<String, String> behind) {
        NodeReport node = now.nodes().stream()
                .filter(n -> n.name().equals(name))
                .findFirst()
                .orElseThrow();
        if (node.isDown()) {
            behind.put(name, "does not answer");
        } else if (node.number("applied") < lsn) {
            behind.put(name, "has applied " + node.number("applied") + ", not yet " + lsn);
        } else if (node.number("s3HighWaterMark") < lsn) {
            behind.put(name, "knows S3 to have " + node.number("s3HighWaterMark") + ", not yet " + lsn);
        }
    }

    private String agree(
            List<NodeReport> live, String what, long lsn, String path, List<String> fields, Findings findings) {
        Map<String, String> said = new LinkedHashMap<>();
        for (NodeReport node : live) {
            said.put(node.name(), ask(node, path, fields));
        }
        TreeSet<String> distinct = new TreeSet<>(said.values());
        boolean equal = distinct.size() == 1 && !distinct.first().startsWith("?");
        findings.add(
                what + " of " + String.join(", ", said.keySet()) + " at LSN " + lsn,
                equal,
                equal ? "equal: " + distinct.first() : said.toString());
        return equal ? distinct.first().split(" ")[0] : null;
    }

    private String ask(NodeReport node, String path, List<String> fields) {
        try {
            NodeApi.Answer answer = cluster.api().get(node.text("http"), path).join();
            JsonNode first = answer.body().path(fields.get(0));
            if (!answer.isOk() || !first.isTextual()) {
                return "? " + answer.message();
            }
            StringBuilder said = new StringBuilder(first.asText());
            fields.subList(1, fields.size())
                    .forEach(f -> said.append(' ')
                            .append(f)
                            .append('=')
                            .append(answer.body().path(f).asText()));
            return said.toString();
        } catch (CompletionException e) {
            return "? " + e.getCause();
        }
    }
}

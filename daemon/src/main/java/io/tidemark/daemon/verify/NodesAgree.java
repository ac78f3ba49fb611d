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
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

/** Compares the nodes with each other at the LSN of one {@code ObserveContents} command. */
public final class NodesAgree {
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final Duration LOOK_SHORT = Duration.ofMillis(10);
    private static final int OBSERVATIONS_MAX = 10;

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
        List<NodeReport> live = before.live();
        long lsn = observe(before);
        Map<String, String> chains = chains(live, lsn);
        // A node forgets chains below the shipped mark: when one could not be caught in time, a new LSN is taken.
        for (int again = 0; again < OBSERVATIONS_MAX && chains.containsValue(null); again++) {
            lsn = observe(before);
            chains = chains(live, lsn);
        }
        findings.at(lsn);
        String chain = agree("redo chain", lsn, chains, findings);
        awaitShipped(before, lsn, findings);
        return new Observed(lsn, agree("contents", lsn, contents(live, lsn), findings), chain);
    }

    /** Each node's digest at the LSN, which a node with much data computes for longer than one question waits. */
    private Map<String, String> contents(List<NodeReport> live, long lsn) {
        Map<String, String> contents = new LinkedHashMap<>();
        live.forEach(node -> contents.put(node.name(), null));
        Poll.until(limit, LOOK, () -> {
            for (NodeReport node : live) {
                if (contents.get(node.name()) == null) {
                    contents.put(node.name(), ask(node, "/v1/contents?lsn=" + lsn, List.of("sha256", "keys", "bytes")));
                }
            }
            return !contents.containsValue(null);
        });
        return contents;
    }

    /** Each node's chain at the LSN, asked as soon as the node has applied it; null where it was not to be had. */
    private Map<String, String> chains(List<NodeReport> live, long lsn) {
        Map<String, String> chains = new LinkedHashMap<>();
        live.forEach(node -> chains.put(node.name(), null));
        Poll.until(limit, LOOK_SHORT, () -> {
            boolean done = true;
            for (NodeReport node : live) {
                if (chains.get(node.name()) == null) {
                    chains.put(node.name(), ask(node, "/v1/chain?lsn=" + lsn, List.of("chain")));
                    done &= chains.get(node.name()) != null || passed(node, lsn);
                }
            }
            return done;
        });
        return chains;
    }

    /** Whether the node has applied the LSN, so that a chain which it does not know now will not come. */
    private boolean passed(NodeReport node, long lsn) {
        return cluster.api()
                .status(node.text("http"))
                .join()
                .map(now -> now.number("applied") >= lsn && ask(node, "/v1/chain?lsn=" + lsn, List.of("chain")) == null)
                .orElse(true);
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
    private void awaitShipped(ClusterReport before, long lsn, Findings findings) {
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

    private static String agree(String what, long lsn, Map<String, String> said, Findings findings) {
        boolean known = !said.containsValue(null);
        boolean equal = known && new HashSet<>(said.values()).size() == 1;
        String first = said.values().iterator().next();
        findings.add(
                what + " of " + String.join(", ", said.keySet()) + " at LSN " + lsn,
                equal,
                equal ? "equal: " + first : known ? said.toString() : said + " (null: did not say)");
        return equal ? first.split(" ")[0] : null;
    }

    /** The fields, the first one bare; null when the node does not say. */
    private String ask(NodeReport node, String path, List<String> fields) {
        try {
            NodeApi.Answer answer = cluster.api().get(node.text("http"), path).join();
            JsonNode first = answer.body().path(fields.get(0));
            if (!answer.isOk() || !first.isTextual()) {
                return null;
            }
            StringBuilder said = new StringBuilder(first.asText());
            for (String field : fields.subList(1, fields.size())) {
                said.append(' ')
                        .append(field)
                        .append('=')
                        .append(answer.body().path(field).asText());
            }
            return said.toString();
        } catch (CompletionException e) {
            return null;
        }
    }
}

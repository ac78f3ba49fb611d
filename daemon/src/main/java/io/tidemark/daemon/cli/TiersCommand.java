package io.tidemark.daemon.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.daemon.remote.Cluster;
import io.tidemark.daemon.remote.NodeApi;
import io.tidemark.daemon.remote.NodeReport;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import java.util.function.BiConsumer;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tidemark tiers VERB}. */
@Command(
        name = "tiers",
        description = {
            "Shows and changes which log segments have a copy on a node's disk: HOT and WARM have one, COLD ones are"
                    + " in S3 only. S3 has all of them, whatever is done here.",
            "Each node keeps its own copies. Without --node, all that answer are asked."
        },
        synopsisSubcommandLabel = "VERB")
final class TiersCommand implements Runnable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String ROW = "%-6s %20s %20s %20s %12s %12s";

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(
                spec.commandLine(), "say what to do: stats, list, archive, restore or evaluate");
    }

    @Command(name = "stats", description = "Segments and bytes in each tier, and what copies take on each disk.")
    int stats(@Mixin TargetOption target, @Mixin NodeOption which, @Mixin JsonOption json) {
        PrintWriter out = spec.commandLine().getOut();
        ArrayNode all = JSON.createArrayNode();
        if (!json.wanted()) {
            out.println(String.format(ROW, "node", "hot", "warm", "cold", "local", "at most"));
        }
        for (NodeReport node : which.of(target.cluster())) {
            JsonNode said = answer(node, target.cluster().api().get(node.text("http"), "/api/v1/tiers/stats"));
            all.add(((ObjectNode) said).put("node", node.name()));
            if (!json.wanted()) {
                out.println(String.format(
                        ROW,
                        node.name(),
                        tier(said.path("hot")),
                        tier(said.path("warm")),
                        tier(said.path("cold")),
                        TimelineView.bytes(said.path("local_size_bytes").asLong()),
                        TimelineView.bytes(said.path("local_cache_size_bytes").asLong())));
            }
        }
        return end(json, all);
    }

    private static String tier(JsonNode tier) {
        return tier.path("segments").asLong() + " ("
                + TimelineView.bytes(tier.path("size_bytes").asLong()) + ")";
    }

    @Command(name = "list", description = "The segments, in the order of their keys, with their tier on each node.")
    int list(
            @Mixin TargetOption target,
            @Mixin NodeOption which,
            @Option(names = "--tier", paramLabel = "TIER", description = "only those of this tier: hot, warm or cold")
                    String tier,
            @Mixin JsonOption json) {
        PrintWriter out = spec.commandLine().getOut();
        ArrayNode all = JSON.createArrayNode();
        for (NodeReport node : which.of(target.cluster())) {
            String after = "";
            do {
                JsonNode page = answer(
                        node,
                        target.cluster()
                                .api()
                                .get(
                                        node.text("http"),
                                        "/api/v1/tiered/segments?after=" + encoded(after)
                                                + (tier == null ? "" : "&tier=" + encoded(tier))));
                for (JsonNode segment : page.path("segments")) {
                    all.add(((ObjectNode) segment).put("node", node.name()));
                    if (!json.wanted()) {
                        out.println(line(node, segment));
                    }
                }
                after = page.path("next").asText("");
            } while (!after.isEmpty());
        }
        return end(json, all);
    }

    private static String line(NodeReport node, JsonNode segment) {
        return String.format(
                        Locale.ROOT,
                        "%-6s %-5s %10s %s%s",
                        node.name(),
                        segment.path("policy").asText(),
                        TimelineView.bytes(segment.path("size_bytes").asLong(-1)),
                        segment.path("segment_path").asText(),
                        segment.path("kept_until").isNull()
                                ? ""
                                : "  kept until " + segment.path("kept_until").asText())
                .stripTrailing();
    }

    @Command(
            name = "archive",
            description = {
                "Removes copies of segments from the disks, once S3 has shown that it has them.",
                "What has no copy stays so."
            })
    int archive(
            @Mixin TargetOption target,
            @Mixin NodeOption which,
            @Parameters(paramLabel = "SEGMENT", arity = "1..*", description = "as 'list' shows it, or FIRST-LAST.seg")
                    List<String> segments,
            @Mixin JsonOption json) {
        return ask(target, which, segments, "/api/v1/tiered/archive", json, (body, path) -> {});
    }

    @Command(
            name = "restore",
            description = {"Fetches segments to the disks, and keeps them there for so long whatever the policy says."})
    int restore(
            @Mixin TargetOption target,
            @Mixin NodeOption which,
            @Parameters(paramLabel = "SEGMENT", arity = "1..*", description = "as 'list' shows it, or FIRST-LAST.seg")
                    List<String> segments,
            @Option(names = "--hours", paramLabel = "N", description = "how long (default: the node's tier-cold-hours)")
                    Integer hours,
            @Mixin JsonOption json) {
        return ask(target, which, segments, "/api/v1/tiered/restore", json, (body, path) -> {
            if (hours != null) {
                body.put("hours", hours);
            }
        });
    }

    private int ask(
            TargetOption target,
            NodeOption which,
            List<String> segments,
            String route,
            JsonOption json,
            BiConsumer<ObjectNode, String> more) {
        ArrayNode all = JSON.createArrayNode();
        for (NodeReport node : which.of(target.cluster())) {
            for (String segment : segments) {
                ObjectNode body = JSON.createObjectNode().put("segment_path", segment);
                more.accept(body, segment);
                JsonNode said =
                        answer(node, target.cluster().api().post(node.text("http"), route, body.toString(), LIMIT));
                all.add(((ObjectNode) said).put("node", node.name()).put("segment_path", segment));
                if (!json.wanted()) {
                    spec.commandLine()
                            .getOut()
                            .println(node.name() + ": " + said.path("message").asText());
                }
            }
        }
        return end(json, all);
    }

    @Command(
            name = "evaluate",
            description = "Has the nodes look at all tiers now, as they do every tier-check-minutes.")
    int evaluate(@Mixin TargetOption target, @Mixin NodeOption which, @Mixin JsonOption json) {
        ArrayNode all = JSON.createArrayNode();
        for (NodeReport node : which.of(target.cluster())) {
            JsonNode said =
                    answer(node, target.cluster().api().post(node.text("http"), "/api/v1/tiers/evaluate", LIMIT));
            all.add(((ObjectNode) said).put("node", node.name()));
            if (!json.wanted()) {
                PrintWriter out = spec.commandLine().getOut();
                out.println(node.name() + ": " + said.path("promoted").asLong() + " came nearer, "
                        + said.path("demoted").asLong() + " went farther, "
                        + said.path("found").asLong() + " were not known before");
                said.path("failures").forEach(failure -> out.println("  " + failure.asText()));
            }
        }
        return end(json, all);
    }

    private int end(JsonOption json, ArrayNode all) {
        PrintWriter out = spec.commandLine().getOut();
        if (json.wanted()) {
            out.println(JSON.createObjectNode().set("nodes", all));
        }
        out.flush();
        return CommandLine.ExitCode.OK;
    }

    private static JsonNode answer(NodeReport node, java.util.concurrent.CompletableFuture<NodeApi.Answer> asked) {
        NodeApi.Answer answer;
        try {
            answer = asked.join();
        } catch (CompletionException e) {
            throw new TidemarkException(
                    ErrorKind.UNAVAILABLE, node.name() + " does not answer: " + e.getCause(), e.getCause());
        }
        if (!answer.isOk()) {
            throw new TidemarkException(ErrorKind.UNAVAILABLE, node.name() + " says: " + answer.message());
        }
        return answer.body();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** {@code --node}. */
    static final class NodeOption {
        @Option(names = "--node", paramLabel = "NODE", description = "ask this node alone")
        private String name;

        /** Those to ask: at least one, each alive. */
        List<NodeReport> of(Cluster cluster) {
            List<NodeReport> nodes = new ArrayList<>(cluster.reachable().live());
            if (name != null) {
                nodes.removeIf(node -> !node.name().equals(name));
            }
            if (nodes.isEmpty()) {
                throw new TidemarkException(ErrorKind.NOT_FOUND, "no node that answers is called '" + name + "'");
            }
            return nodes;
        }
    }
}

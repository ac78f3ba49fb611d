package io.tidemark.daemon.node;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.daemon.cluster.ClusterDirectory;
import io.tidemark.daemon.cluster.ClusterFile;
import io.tidemark.daemon.cluster.IdentityFile;
import io.tidemark.daemon.cluster.NodeAddress;
import io.tidemark.daemon.process.Poll;
import io.tidemark.daemon.remote.NodeApi;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a node without a past comes in (rule L4): it asks the others who it is from now on, writes that down, and once it
 * runs asks again and again to be taken in as a voter, until it is.
 */
final class Joining {
    private static final Logger LOG = LoggerFactory.getLogger(Joining.class);
    private static final Duration AGAIN = Duration.ofSeconds(1);
    private static final Duration ANSWER = Duration.ofSeconds(10);

    private final ClusterDirectory directory;
    private final ClusterFile cluster;
    private final NodeAddress self;
    private final NodeApi api;
    private final Consumer<String> says;

    /** @param says told what this node waits for */
    Joining(ClusterDirectory directory, ClusterFile cluster, NodeAddress self, NodeApi api, Consumer<String> says) {
        this.directory = directory;
        this.cluster = cluster;
        this.self = self;
        this.api = api;
        this.says = says;
    }

    /** Asks until one of the others answers, and writes the identity; empty when told to end. */
    Optional<IdentityFile> identity(BooleanSupplier ending) {
        new UnfitStore(directory.node(self.name())).complete();
        requireEmptyDisk();
        return identity(ending, "has no past and", () -> {});
    }

    /**
     * Asks for the next incarnation of a node that must not go on with the files it has. They are set aside only when the
     * others have handed one out: while there is no majority without this node, nothing is thrown away.
     */
    Optional<IdentityFile> nextIdentity(BooleanSupplier ending, String why) {
        UnfitStore unfit = new UnfitStore(directory.node(self.name()));
        return identity(
                ending, why + ". Its files go to " + unfit.path() + " once the others take it in anew; it", () -> {
                    unfit.setAside(why);
                    LOG.warn("the files that this node must not go on with are in {}", unfit.path());
                });
    }

    private Optional<IdentityFile> identity(BooleanSupplier ending, String why, Runnable beforeItIsWritten) {
        String said = "";
        while (!ending.getAsBoolean()) {
            List<String> refusals = new ArrayList<>();
            for (NodeAddress other : others()) {
                Optional<JsonNode> answer = ask(other, "/v1/members/" + self.name(), refusals);
                if (answer.isPresent()) {
                    IdentityFile identity = identity(answer.get());
                    beforeItIsWritten.run();
                    identity.write(directory.identity(self.name()));
                    LOG.info("this node is {} from now on", identity.peerId());
                    return Optional.of(identity);
                }
            }
            String waiting = why + " waits to join: " + String.join("; ", refusals);
            if (!waiting.equals(said)) {
                LOG.info("{}", waiting);
                said = waiting;
            }
            says.accept(waiting);
            Poll.pause(AGAIN);
        }
        return Optional.empty();
    }

    /** Asks until this incarnation is a voter; throws when it never will be. */
    void admission(IdentityFile identity, BooleanSupplier ending) {
        String path = "/v1/members/" + self.name() + "?incarnation=" + identity.incarnation();
        while (!ending.getAsBoolean()) {
            List<String> refusals = new ArrayList<>();
            for (NodeAddress other : others()) {
                Optional<JsonNode> answer = ask(other, path, refusals);
                if (answer.isPresent() && answer.get().path("admitted").asBoolean()) {
                    LOG.info("{} is a voter", identity.peerId());
                    return;
                }
                if (answer.isPresent()) {
                    refusals.clear();
                    break;
                }
            }
            says.accept(identity.peerId() + " is being taken in by the cluster"
                    + (refusals.isEmpty() ? "" : ": " + String.join("; ", refusals)));
            Poll.pause(AGAIN);
        }
    }

    private List<NodeAddress> others() {
        return cluster.nodes().stream()
                .filter(n -> !n.name().equals(self.name()))
                .toList();
    }

    private Optional<JsonNode> ask(NodeAddress other, String path, List<String> refusals) {
        try {
            NodeApi.Answer answer = api.post(other.http(), path, ANSWER).join();
            if (answer.isOk()) {
                return Optional.of(answer.body());
            }
            if ("INVALID".equals(answer.body().path("error").asText())) {
                throw new TidemarkException(ErrorKind.INVALID, answer.message());
            }
            refusals.add(other.name() + " says: " + answer.message());
        } catch (CompletionException e) {
            refusals.add(other.name() + " does not answer");
        }
        return Optional.empty();
    }

    private IdentityFile identity(JsonNode answer) {
        String theirs = answer.path("cluster").asText();
        if (!theirs.equals(cluster.cluster())) {
            throw new TidemarkException(
                    ErrorKind.INVALID,
                    "the nodes named in " + directory.clusterFile() + " belong to cluster " + theirs + ", the file to "
                            + cluster.cluster() + ": this is another cluster's directory");
        }
        List<IdentityFile.Peer> peers = new ArrayList<>();
        for (JsonNode peer : answer.path("peers")) {
            peers.add(new IdentityFile.Peer(
                    peer.path("id").asText(),
                    peer.path("http").asText(),
                    peer.path("raft").asText()));
        }
        String history = answer.path("history").asText();
        return new IdentityFile(
                theirs,
                history,
                history,
                self.name(),
                answer.path("incarnation").asInt(),
                peers);
    }

    /** A disk with data but without identity is nobody's: guessing whose could bring a forgotten vote back. */
    private void requireEmptyDisk() {
        Path disk = directory.node(self.name());
        Path unfit = new UnfitStore(disk).path();
        if (!Files.exists(disk)) {
            return;
        }
        try (Stream<Path> children = Files.list(disk)) {
            Optional<Path> left = children.filter(
                            p -> !p.getFileName().toString().endsWith(".new") && !p.equals(unfit))
                    .findFirst();
            if (left.isPresent()) {
                throw new TidemarkException(
                        ErrorKind.INVALID,
                        disk + " has no identity.json but holds " + left.get().getFileName()
                                + ". Move the directory away: the node then joins as a new incarnation.");
            }
        } catch (IOException e) {
            throw new TidemarkException(ErrorKind.UNAVAILABLE, "cannot list " + disk + ": " + e.getMessage(), e);
        }
    }
}

package io.tidemark.daemon.cli;

import io.tidemark.daemon.process.Poll;
import io.tidemark.daemon.remote.Cluster;
import io.tidemark.daemon.remote.ClusterReport;
import io.tidemark.daemon.remote.NodeApi;
import io.tidemark.daemon.remote.NodeReport;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tidemark lead NODE}. */
@Command(
        name = "lead",
        description = {
            "Has a node lead, before maintenance of the one that leads now, for example. No write is lost; some wait.",
            "The cluster elects again, and perhaps another, as soon as that node fails."
        })
final class LeadCommand implements Callable<Integer> {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final int AGAIN = 8;

    @Spec
    private CommandSpec spec;

    @Mixin
    private TargetOption target;

    @Parameters(paramLabel = "NODE", description = "its name, as 'tidemark status' shows it")
    private String name;

    @Override
    public Integer call() {
        Cluster cluster = target.cluster();
        ClusterReport report = cluster.reachable();
        NodeReport any = report.live().get(0);
        String path = "/v1/leader?to=" + URLEncoder.encode(name, StandardCharsets.UTF_8);
        NodeApi.Answer answer =
                cluster.api().post(any.text("http"), path, LIMIT).join();
        // a node that is asked to lead while it lags behind does so a moment later
        for (int again = 0; again < AGAIN && isRetry(answer); again++) {
            Poll.pause(PAUSE);
            answer = cluster.api().post(any.text("http"), path, LIMIT).join();
        }
        if (!answer.isOk()) {
            throw new TidemarkException(ErrorKind.UNAVAILABLE, answer.message());
        }
        spec.commandLine().getOut().println(name + " leads");
        return CommandLine.ExitCode.OK;
    }

    private static boolean isRetry(NodeApi.Answer answer) {
        return answer.body().path("error").asText().equals(ErrorKind.RETRY.name());
    }
}

package io.tidemark.daemon.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Ports of a cluster that is about to be formed. Each is free ports by default. */
final class PortsOption {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--http-ports",
            paramLabel = "FIRST|P,P,P",
            description = "HTTP ports of the nodes: the first of consecutive ones, or all (default: free ones)")
    private String http;

    @Option(
            names = "--raft-ports",
            paramLabel = "FIRST|P,P,P",
            description = "ports between the nodes, likewise (default: free ones)")
    private String raft;

    @Option(
            names = "--s3-port",
            paramLabel = "PORT",
            description = "port of the embedded S3 endpoint (default: a free one)")
    private Integer s3;

    boolean given() {
        return http != null || raft != null || s3 != null;
    }

    List<Integer> http(int count, List<Integer> free) {
        return http == null ? free : parse("--http-ports", http, count);
    }

    List<Integer> raft(int count, List<Integer> free) {
        return raft == null ? free : parse("--raft-ports", raft, count);
    }

    int s3(int free) {
        return s3 == null ? free : checked("--s3-port", s3);
    }

    private List<Integer> parse(String option, String text, int count) {
        List<Integer> ports = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            try {
                ports.add(checked(option, Integer.parseInt(part.trim())));
            } catch (NumberFormatException e) {
                throw wrong(option + " takes port numbers, not '" + text + "'");
            }
        }
        for (int next = ports.get(0) + 1; ports.size() < count && text.indexOf(',') < 0; next++) {
            ports.add(checked(option, next));
        }
        if (ports.size() != count) {
            throw wrong(option + " takes the first port or " + count + " ports, not '" + text + "'");
        }
        return ports;
    }

    private int checked(String option, int port) {
        if (port < 1 || port > 65_535) {
            throw wrong(option + ": a port is 1 to 65535, not " + port);
        }
        return port;
    }

    private CommandLine.ParameterException wrong(String message) {
        return new CommandLine.ParameterException(spec.commandLine(), message);
    }
}

package io.tidemark.bench.contest;

import io.tidemark.bench.peer.Memory;
import io.tidemark.bench.peer.Peer;
import io.tidemark.bench.trial.Row;
import io.tidemark.bench.trial.Trial;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** A trial as the arguments of a command, and back. */
public final class TrialArguments {
    public static final String COMMAND = "engine-trial";

    private static final int COUNT = 12;
    private static final String COMMA = ",";

    private TrialArguments() {}

    /** The command's name and its arguments. */
    public static List<String> of(Trial trial) {
        return List.of(
                COMMAND,
                trial.peer().name(),
                trial.group().name(),
                trial.rows().stream().map(Row::name).collect(Collectors.joining(COMMA)),
                trial.directory().toString(),
                Integer.toString(trial.records()),
                Integer.toString(trial.valueBytes()),
                Long.toString(trial.memory().bytes()),
                trial.window().toString(),
                trial.warmUp().toString(),
                trial.processWarmUp().toString(),
                trial.fillLimit().toString(),
                Long.toString(trial.seed()));
    }

    /** @param arguments without the command's name */
    public static Trial parse(List<String> arguments) {
        if (arguments.size() != COUNT) {
            throw new IllegalArgumentException(COMMAND + " has " + COUNT + " arguments, not " + arguments);
        }
        Set<Row> rows = EnumSet.noneOf(Row.class);
        for (String row : arguments.get(2).split(COMMA)) {
            rows.add(Row.valueOf(row));
        }
        return new Trial(
                Peer.valueOf(arguments.get(0)),
                Row.Group.valueOf(arguments.get(1)),
                rows,
                Path.of(arguments.get(3)),
                Integer.parseInt(arguments.get(4)),
                Integer.parseInt(arguments.get(5)),
                new Memory(Long.parseLong(arguments.get(6))),
                Duration.parse(arguments.get(7)),
                Duration.parse(arguments.get(8)),
                Duration.parse(arguments.get(9)),
                Duration.parse(arguments.get(10)),
                Long.parseLong(arguments.get(11)));
    }
}

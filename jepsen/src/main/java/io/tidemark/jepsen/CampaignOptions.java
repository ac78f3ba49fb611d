package io.tidemark.jepsen;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * Options of a {@link Campaign}.
 *
 * @param time how long rounds are begun
 * @param round how long one round's load lasts
 * @param seed of the first round; each later one has the next
 * @param processes of each of the two workloads
 * @param nemeses who strikes, in turn
 * @param evidence where a failed round leaves what explains it
 * @param help whether only help was asked for
 */
record CampaignOptions(
        Duration time, Duration round, long seed, int processes, List<String> nemeses, Path evidence, boolean help) {

    static final String HELP = """
            Rounds of load under faults against clusters of real processes.
            Usage: java -Dtidemark.dist=DIR -cp ... io.tidemark.jepsen.Campaign [OPTION VALUE]...
              --minutes N      begin rounds for so long (default 10)
              --round N        seconds of load per round (default 120)
              --seed N         seed of the first round (default 1)
              --processes N    callers of each workload (default 6)
              --nemeses A,B    of kill, stop, pause, s3; they strike in turn (default all)
              --evidence DIR   where a failed round leaves logs and histories (default target/jepsen/campaign)\
            """;

    private static final Set<String> NEMESES = Set.of("kill", "stop", "pause", "s3");

    CampaignOptions {
        nemeses = List.copyOf(nemeses);
        if (nemeses.isEmpty() || !NEMESES.containsAll(nemeses)) {
            throw new IllegalArgumentException("--nemeses takes some of " + NEMESES + ", not " + nemeses);
        }
        if (time.isNegative() || round.toSeconds() < 10 || processes < 1) {
            throw new IllegalArgumentException("a round lasts 10 s at least and has 1 process at least");
        }
    }

    static CampaignOptions parse(String[] arguments) {
        Duration time = Duration.ofMinutes(10);
        Duration round = Duration.ofMinutes(2);
        long seed = 1;
        int processes = 6;
        List<String> nemeses = List.of("kill", "pause", "s3", "stop");
        Path evidence = Path.of("target", "jepsen", "campaign");
        boolean help = false;
        for (int i = 0; i < arguments.length; i++) {
            String option = arguments[i];
            if (option.equals("--help")) {
                help = true;
                continue;
            }
            if (++i == arguments.length) {
                throw new IllegalArgumentException(option + " wants a value");
            }
            switch (option) {
                case "--minutes" -> time = Duration.ofMinutes(Long.parseLong(arguments[i]));
                case "--round" -> round = Duration.ofSeconds(Long.parseLong(arguments[i]));
                case "--seed" -> seed = Long.parseLong(arguments[i]);
                case "--processes" -> processes = Integer.parseInt(arguments[i]);
                case "--nemeses" -> nemeses = List.of(arguments[i].split(",", -1));
                case "--evidence" -> evidence = Path.of(arguments[i]);
                default -> throw new IllegalArgumentException("unknown option " + option);
            }
        }
        return new CampaignOptions(time, round, seed, processes, nemeses, evidence, help);
    }
}

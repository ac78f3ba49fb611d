package io.tidemark.recovery.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The program behind {@code recovery/crash-campaign}: crash sequences of one seed after another, of both kinds, until the
 * seeds, the images or the minutes are used up. Failures are printed with the command that repeats each. Exit code 0: none;
 * 1: some; 2: it was not understood.
 */
final class CrashCampaign {
    private static final int FAILURES_MAX = 20;
    private static final String LEDGER =
            "| date | commit | seeds | images | of them in a life after a crash | failures |";

    private final Clock clock = Clock.systemUTC();
    private final Arguments arguments;
    private final Instant end;
    private final List<Long> failed = new ArrayList<>();
    private long images;
    private long again;
    private long seeds;
    private long last;

    /** @param ledger where a row is added, null: nowhere */
    private record Arguments(long first, long last, long images, Duration time, Path ledger, String commit) {
        static Arguments of(String[] words) {
            long first = 1;
            long last = Long.MAX_VALUE;
            long images = Long.MAX_VALUE;
            Duration time = Duration.ofDays(1);
            Path ledger = null;
            String commit = "";
            for (int i = 0; i < words.length; i += 2) {
                if (i + 1 == words.length) {
                    throw new IllegalArgumentException(words[i] + " has no value");
                }
                String value = words[i + 1];
                switch (words[i]) {
                    case "--seeds" -> {
                        String[] bounds = value.split("\\.\\.", 2);
                        first = Long.parseLong(bounds[0]);
                        last = bounds.length == 1 ? first : Long.parseLong(bounds[1]);
                    }
                    case "--images" -> images = Long.parseLong(value);
                    case "--minutes" -> time = Duration.ofSeconds((long) (Double.parseDouble(value) * 60));
                    case "--ledger" -> ledger = Path.of(value);
                    case "--commit" -> commit = value;
                    default -> throw new IllegalArgumentException("unknown option " + words[i]);
                }
            }
            return new Arguments(first, last, images, time, ledger, commit);
        }
    }

    private CrashCampaign(Arguments arguments) {
        this.arguments = arguments;
        this.end = clock.instant().plus(arguments.time);
    }

    public static void main(String[] words) throws IOException {
        Arguments arguments;
        try {
            arguments = Arguments.of(words);
        } catch (IllegalArgumentException e) {
            System.err.println("crash-campaign: " + e.getMessage() + "; see crash-campaign --help");
            System.exit(2);
            return;
        }
        System.exit(new CrashCampaign(arguments).run());
    }

    private int run() throws IOException {
        Instant started = clock.instant();
        Instant spoken = started;
        for (long seed = arguments.first; seed <= arguments.last && goesOn(); seed++) {
            play(seed);
            if (Duration.between(spoken, clock.instant()).getSeconds() >= 30) {
                spoken = clock.instant();
                System.out.println(summary(started));
            }
        }
        System.out.println(summary(started));
        if (arguments.ledger != null) {
            String row = String.format(
                    Locale.ROOT,
                    "| %s | %s | %d..%d | %,d | %,d | %d |",
                    LocalDate.now(clock.withZone(ZoneOffset.UTC)),
                    arguments.commit,
                    arguments.first,
                    last,
                    images,
                    again,
                    failed.size());
            append(row);
        }
        return failed.isEmpty() ? 0 : 1;
    }

    /** Behind the last row of the ledger's table. */
    private void append(String row) throws IOException {
        List<String> lines = new ArrayList<>(Files.readAllLines(arguments.ledger));
        int heading = lines.indexOf(LEDGER);
        int end = heading + 1;
        while (end < lines.size() && lines.get(end).startsWith("|")) {
            end++;
        }
        if (heading < 0) {
            throw new IOException(arguments.ledger + " has no line '" + LEDGER + "'");
        }
        lines.add(end, row);
        Files.write(arguments.ledger, lines);
    }

    private boolean goesOn() {
        return images < arguments.images
                && failed.size() < FAILURES_MAX
                && clock.instant().isBefore(end);
    }

    private void play(long seed) {
        last = seed;
        seeds++;
        try {
            count(CrashSequence.run(seed));
            count(StoreCrashSequence.run(seed));
        } catch (AssertionError e) {
            failed.add(seed);
            System.out.println("FAILURE " + e.getMessage());
            System.out.println("  repeat: recovery/crash-campaign --seeds " + seed + ".." + seed);
            e.printStackTrace(System.out);
        }
    }

    private void count(CrashSequence.Images found) {
        images += found.all();
        again += found.again();
    }

    private String summary(Instant started) {
        long millis = Math.max(1, Duration.between(started, clock.instant()).toMillis());
        return String.format(
                Locale.ROOT,
                "crash images %,d (%,d of them in a life after a crash), seeds %d (%d..%d), failures %d, %.0f s, %.0f images/s",
                images,
                again,
                seeds,
                arguments.first,
                last,
                failed.size(),
                millis / 1e3,
                images * 1e3 / millis);
    }
}

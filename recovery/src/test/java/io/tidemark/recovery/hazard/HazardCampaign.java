package io.tidemark.recovery.hazard;

import io.tidemark.shipper.store.HazardousS3;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * The program behind {@code recovery/s3-hazards}: every request of the workload with every hazard, before a simulated S3, a
 * real one, or both. Exit code 0: no failure; 1: some; 2: it was not understood.
 */
final class HazardCampaign {
    private HazardCampaign() {}

    public static void main(String[] words) throws IOException {
        String server = "both";
        int stride = 1;
        try {
            for (int i = 0; i < words.length; i += 2) {
                String value = words[i + 1];
                switch (words[i]) {
                    case "--server" -> server = value;
                    case "--every" -> stride = Integer.parseInt(value);
                    default -> throw new IllegalArgumentException("unknown option " + words[i]);
                }
            }
            if (stride < 1 || !List.of("simulated", "real", "both").contains(server)) {
                throw new IllegalArgumentException("no such server or share");
            }
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
            System.err.println("s3-hazards: " + e.getMessage() + "; see s3-hazards --help");
            System.exit(2);
            return;
        }
        Path directory = Files.createTempDirectory("s3-hazards");
        int failures = 0;
        try {
            if (!server.equals("real")) {
                failures += play("simulated", HazardousS3.simulated(), directory, stride);
            }
            if (!server.equals("simulated")) {
                failures += play("real", HazardousS3.real(directory.resolve("s3")), directory, stride);
            }
        } finally {
            remove(directory);
        }
        System.exit(failures == 0 ? 0 : 1);
    }

    private static int play(String name, HazardousS3 server, Path directory, int stride) throws IOException {
        try (server) {
            HazardPairs pairs = new HazardPairs(server, directory.resolve(name));
            System.out.println(name + ": " + pairs.requests() + " requests, " + pairs.size() + " pairs");
            pairs.play(stride, new Random(), hazard -> System.out.println(name + ": " + hazard + " played"));
            pairs.failures().forEach(f -> System.out.println(name + ": FAILED " + f));
            System.out.println(name + ": " + pairs);
            return pairs.failures().size();
        }
    }

    private static void remove(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}

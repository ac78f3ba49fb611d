package io.tidemark.bench.rejoin;

/**
 * A node's way back, in seconds from the start of its process on an empty disk.
 *
 * @param mebibytes of values in the cluster
 * @param trouble with S3 since the disk was lost
 * @param readSeconds until it gave a right answer from its own state
 * @param voterSeconds until {@code tidemark start} said that it is a member that votes
 * @param coldPages pages that it did not have then
 * @param filledSeconds until it had all of them
 * @param writesPerSecond of the one writer meanwhile, until it voted
 */
public record Rejoined(
        long mebibytes,
        TroubledStore.Trouble trouble,
        double readSeconds,
        double voterSeconds,
        long coldPages,
        double filledSeconds,
        double writesPerSecond) {}

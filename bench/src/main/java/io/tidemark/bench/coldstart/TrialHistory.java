package io.tidemark.bench.coldstart;

import com.codahale.metrics.MetricRegistry;
import io.tidemark.engine.StorageEngine.Checkpoint;
import io.tidemark.shipper.manifest.HistoryRecord;
import io.tidemark.shipper.pack.PageDirectory;
import io.tidemark.shipper.store.S3ObjectStore;
import io.tidemark.shipper.store.S3Options;
import io.tidemark.shipper.trial.TrialS3Endpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/**
 * A {@link MadeHistory} in the S3 endpoint for trial, which is in this process and ends when this is closed.
 *
 * @param s3 how it is reached
 * @param checkpoint that has all rows
 * @param pages of it
 */
public record TrialHistory(TrialS3Endpoint endpoint, S3Options s3, String history, Checkpoint checkpoint, long pages)
        implements AutoCloseable {
    private static final String BUCKET = "bench";

    /** @param scratch for the objects, and for the files of the engine that makes them */
    public static TrialHistory make(Path scratch, long mebibytes) throws IOException {
        Path objects = scratch.resolve("s3");
        Files.createDirectories(objects.resolve(BUCKET));
        TrialS3Endpoint endpoint = new TrialS3Endpoint(0, objects).start();
        S3Options s3 = S3Options.of(endpoint.endpoint(), BUCKET, "bench").withCredentials(TrialS3Endpoint.CREDENTIALS);
        String history = UUID.randomUUID().toString();
        try (S3ObjectStore store = S3ObjectStore.open(s3, new MetricRegistry())) {
            HistoryRecord record = new HistoryRecord(history, "", -1, history, 0);
            store.putIfAbsent(record.key(), record.encode());
            Checkpoint made = MadeHistory.make(store, history, mebibytes, scratch.resolve("leader"));
            long pages = PageDirectory.open(store, made.directory(), made.sha256())
                    .root()
                    .pageIds();
            return new TrialHistory(endpoint, s3, history, made, pages);
        } catch (RuntimeException | Error e) {
            endpoint.close();
            throw e;
        }
    }

    @Override
    public void close() {
        endpoint.close();
    }
}

package io.tidemark.bench.micro;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tidemark.engine.StorageEngine.Row;
import io.tidemark.engine.StorageEngine.Scan;
import io.tidemark.engine.log.Reply;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EngineBenchmarkTest {
    @Test
    void everyBenchmarkDoesWhatItsNameSays() throws IOException {
        EngineBenchmark benchmark = new EngineBenchmark();
        FilledEngine store = new FilledEngine();
        store.open();
        try {
            assertEquals(1, ((List<?>) benchmark.applyEntryOfOnePut(store)).size());
            List<?> replies = (List<?>) benchmark.applyEntryOfHundredPuts(store);
            assertEquals(FilledEngine.BATCH, replies.size());
            replies.forEach(reply -> assertEquals(Reply.Status.OK, ((Reply) reply).status()));
            assertEquals(128, ((Row) ((Optional<?>) benchmark.getHit(store)).orElseThrow()).value().length);
            assertEquals(100, ((Scan) benchmark.scanHundredRows(store)).rows().size());
        } finally {
            store.close();
        }
    }
}

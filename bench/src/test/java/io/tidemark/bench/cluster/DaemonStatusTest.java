package io.tidemark.bench.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

class DaemonStatusTest {
    @Test
    void aDaemonRestsWhenS3HasAllAndTheLogLetGo() throws JsonProcessingException {
        DaemonStatus resting = read(0, 41, 41);
        assertTrue(resting.isAtRest() && resting.leads());
        assertEquals("n2", resting.name());
        assertEquals(4711, resting.pid());
        assertFalse(read(17, 41, 41).isAtRest(), "S3 lacks 17 bytes");
        assertFalse(read(0, 41, 30).isAtRest(), "the log holds what S3 has");
    }

    private static DaemonStatus read(long lagBytes, long highWater, long lowWater) throws JsonProcessingException {
        String json = String.format(
                "{\"name\":\"n2\",\"pid\":4711,\"role\":\"LEADER\",\"lagBytes\":%d,\"s3HighWaterMark\":%d,"
                        + "\"raftLowWaterMark\":%d,\"term\":3}",
                lagBytes, highWater, lowWater);
        return DaemonStatus.read(new ObjectMapper().readTree(json));
    }
}

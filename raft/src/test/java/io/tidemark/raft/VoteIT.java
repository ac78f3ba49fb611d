package io.tidemark.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Votes of real elections, on disk. */
@Timeout(120)
class VoteIT {
    @TempDir
    Path dir;

    /** Whoever leads has asked the others for their votes, and they have answered it. */
    @Test
    void l6_aCandidatesOwnVoteIsOnDiskBeforeItAsks() throws IOException {
        try (TestCluster cluster = TestCluster.ofThree(dir)) {
            cluster.put("a", "1");
            cluster.nextTerm();
            String leader = cluster.leaderName();
            long term = cluster.leader().status().term();
            assertEquals(term, recordedTerm(leader), "the leader's own vote");
            assertTrue(recordedVote(leader).startsWith(leader + "-"), recordedVote(leader));
            cluster.put("b", "2");
            cluster.awaitEqual(Duration.ofSeconds(20));
            for (String name : new String[] {"n1", "n2", "n3"}) {
                assertEquals(term, recordedTerm(name), "whoever follows that leader has promised its term");
            }
        }
    }

    @Test
    void l6_aVoteFileThatRottedIsRefusedByName() throws IOException {
        try (TestCluster cluster = TestCluster.ofThree(dir)) {
            cluster.put("a", "1");
            cluster.stop("n2");
            Path file = voteFile("n2");
            String sound = Files.readString(file);
            FileTime changed = Files.getLastModifiedTime(file);
            Files.writeString(file, sound.replaceFirst("term=\\d+", "term=0"));
            Files.setLastModifiedTime(file, changed);
            TidemarkException refused = assertThrows(TidemarkException.class, () -> cluster.start("n2"));
            assertEquals(ErrorKind.CORRUPT, refused.kind());
            assertTrue(refused.getMessage().contains("raft-meta"), refused.getMessage());
            Files.writeString(file, sound);
            cluster.start("n2");
            cluster.awaitEqual(Duration.ofSeconds(20));
        }
    }

    private Path voteFile(String name) throws IOException {
        try (Stream<Path> files = Files.walk(dir.resolve(name).resolve("raft"))) {
            return files.filter(path -> path.endsWith("raft-meta")).findFirst().orElseThrow();
        }
    }

    private ByteBuffer newest(String name) throws IOException {
        byte[] file = Files.readAllBytes(dir.resolve(name).resolve("vote-shadow"));
        ByteBuffer first = ByteBuffer.wrap(file, 0, 512).slice();
        ByteBuffer second = ByteBuffer.wrap(file, 4096, 512).slice();
        return first.getLong(8) > second.getLong(8) ? first : second;
    }

    private long recordedTerm(String name) throws IOException {
        return newest(name).getLong(20);
    }

    private String recordedVote(String name) throws IOException {
        ByteBuffer copy = newest(name);
        byte[] vote = new byte[copy.getInt(44)];
        copy.position(48).get(vote);
        return new String(vote, StandardCharsets.UTF_8);
    }
}

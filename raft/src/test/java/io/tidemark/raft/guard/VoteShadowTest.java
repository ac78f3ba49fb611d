package io.tidemark.raft.guard;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.io.RealDisk;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HexFormat;
import java.util.Properties;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServerConfigKeys.Log.CorruptionPolicy;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.server.storage.RaftStorage.StartupOption;
import org.apache.ratis.server.storage.RaftStorageMetadata;
import org.apache.ratis.server.storage.StorageImplUtils;
import org.apache.ratis.util.SizeInBytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Term and vote in the file that Ratis itself writes. */
class VoteShadowTest {
    @TempDir
    Path dir;

    private Path metadata;

    private VoteShadow shadow() {
        return new VoteShadow(new RealDisk(), dir, metadata);
    }

    /** As Ratis does it. */
    private void vote(long term, String peer) throws IOException {
        Path root = dir.resolve("raft");
        StartupOption how = Files.exists(root) ? StartupOption.RECOVER : StartupOption.FORMAT;
        try (RaftStorage storage =
                StorageImplUtils.newRaftStorage(root.toFile(), SizeInBytes.ZERO, how, CorruptionPolicy.EXCEPTION)) {
            storage.initialize();
            storage.getMetadataFile()
                    .persist(RaftStorageMetadata.valueOf(term, peer == null ? null : RaftPeerId.valueOf(peer)));
        }
        metadata = root.resolve("current").resolve("raft-meta");
    }

    private void accepted() {
        assertDoesNotThrow(() -> shadow().check(-1));
    }

    private void refused(String about) {
        TidemarkException named = assertThrows(TidemarkException.class, () -> shadow().check(-1), about);
        assertEquals(ErrorKind.CORRUPT, named.kind());
        assertTrue(named.getMessage().contains(metadata.toString()), named.getMessage());
        assertTrue(named.getMessage().contains("joins as a new incarnation"), named.getMessage());
    }

    @Test
    void l6_everyFlippedBitThatChangesTermOrVoteIsRefused() throws IOException {
        vote(15, "n2-1");
        VoteShadow written = shadow();
        written.check(-1);
        written.follow();
        byte[] sound = Files.readAllBytes(metadata);
        FileTime changed = Files.getLastModifiedTime(metadata);
        int wrong = 0;
        for (int bit = 0; bit < 8 * sound.length; bit++) {
            byte[] rotten = sound.clone();
            rotten[bit / 8] ^= (byte) (1 << bit % 8);
            Files.write(metadata, rotten);
            Files.setLastModifiedTime(metadata, changed); // rot changes no time
            String found = words(rotten);
            if (found.equals("15 n2-1")) {
                accepted();
            } else {
                wrong += found.startsWith("null") || found.endsWith("null") ? 0 : 1;
                refused("bit " + bit + " makes it " + found);
            }
        }
        assertTrue(wrong > 20, wrong + " flips that can be read as another vote");
        Files.write(metadata, sound);
        accepted();
    }

    private static String words(byte[] file) throws IOException {
        Properties properties = new Properties();
        try {
            properties.load(new ByteArrayInputStream(file));
        } catch (IllegalArgumentException e) {
            return "null null";
        }
        return properties.getProperty("term") + " " + properties.getProperty("votedFor");
    }

    @Test
    void l6_aCrashBetweenTheFileAndItsShadowLeavesTheNodeFit() throws IOException {
        vote(3, null);
        accepted();
        VoteShadow written = shadow();
        written.check(-1);
        written.follow();
        vote(3, "n1-1");
        accepted();
        vote(4, null);
        accepted();
        vote(6, "n3-1");
        accepted();
        written.follow();
        accepted();
        assertEquals(6, written.term());
    }

    @Test
    void l6_anOlderTermOrAnotherVoteIsRefused() throws IOException {
        vote(6, "n3-1");
        VoteShadow written = shadow();
        written.check(-1);
        written.follow();
        vote(6, "n1-1");
        refused("another vote in the term");
        vote(6, null);
        refused("no vote any more");
        vote(5, "n3-1");
        refused("an older term");
        vote(6, "n3-1");
        accepted();
        assertThrows(TidemarkException.class, () -> shadow().check(7), "the log has entries of a later term");
    }

    @Test
    void theGoldenShadowOfFormat1IsReadForEver() throws IOException {
        byte[] golden = DurableTailTest.golden("vote-shadow-v1.hex");
        byte[] file = new byte[TwoCopies.SECOND_AT + TwoCopies.COPY_BYTES];
        System.arraycopy(golden, 0, file, 0, TwoCopies.COPY_BYTES);
        System.arraycopy(golden, TwoCopies.COPY_BYTES, file, TwoCopies.SECOND_AT, TwoCopies.COPY_BYTES);
        Files.write(dir.resolve("vote-shadow"), file);
        vote(15, "n2-1");
        accepted();
        vote(14, "n2-1");
        refused("the golden file says term 15");
    }

    @Test
    void theShadowIsWrittenAsTheGoldenFileIs() throws IOException {
        vote(15, "n2-1");
        VoteShadow written = shadow();
        written.check(-1);
        written.follow();
        byte[] found = DurableTailTest.copies(Files.readAllBytes(dir.resolve("vote-shadow")));
        byte[] golden = DurableTailTest.golden("vote-shadow-v1.hex");
        for (int copy = 0; copy < 2; copy++) {
            int at = copy * TwoCopies.COPY_BYTES;
            System.arraycopy(golden, at + 28, found, at + 28, 16); // the file's own inode and time
            System.arraycopy(golden, at + 508, found, at + 508, 4);
        }
        assertEquals(HexFormat.of().formatHex(golden), HexFormat.of().formatHex(found));
    }
}

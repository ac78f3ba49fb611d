package io.tidemark.raft.guard;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.apache.ratis.server.storage.RaftStorage.StartupOption;

/**
 * Decides whether this node may make a new Raft log. Ratis makes one whenever its directory is missing, and an
 * unmounted volume would come back as a voter that has forgotten its votes (hazard R5). So the file {@code formed} in
 * the node's directory, outside of what Ratis keeps, says that this incarnation once had a log.
 */
public final class Formation {
    private final Path marker;
    private final String peer;
    private final RaftFiles files;

    /** @param peer group and peer id, as the marker holds them */
    public Formation(Path nodeDirectory, String peer, RaftFiles files) {
        this.marker = nodeDirectory.resolve("formed");
        this.peer = peer;
        this.files = files;
    }

    /** How Ratis is to start; {@code FATAL} when this incarnation's log is gone. */
    public StartupOption startupOption() {
        String formed = read();
        if (formed != null && !formed.equals(peer)) {
            throw new TidemarkException(
                    ErrorKind.INVALID,
                    marker + " belongs to " + formed + ", not to " + peer
                            + ": this directory is another node's; use the right one, or remove it and join again");
        }
        if (files.exist()) {
            return StartupOption.RECOVER;
        }
        if (formed != null) {
            throw new TidemarkException(
                    ErrorKind.FATAL,
                    "the Raft log of " + peer + " in " + files.root() + " is gone, and with it the votes it has given."
                            + " If a volume is not mounted, mount it; otherwise remove the node's directory and start"
                            + " it again: it joins as a new incarnation");
        }
        return StartupOption.FORMAT;
    }

    /** Records, durably, that this incarnation has a log. Called before it can give its first vote. */
    public void formed() {
        if (read() != null) {
            return;
        }
        Path temporary = marker.resolveSibling("formed.tmp");
        try {
            Files.writeString(temporary, peer, StandardCharsets.UTF_8);
            sync(temporary, StandardOpenOption.WRITE);
            Files.move(temporary, marker, StandardCopyOption.ATOMIC_MOVE);
            sync(marker.getParent(), StandardOpenOption.READ);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + marker, e);
        }
    }

    private String read() {
        try {
            return Files.exists(marker) ? Files.readString(marker, StandardCharsets.UTF_8) : null;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + marker, e);
        }
    }

    private static void sync(Path path, StandardOpenOption option) throws IOException {
        try (FileChannel channel = FileChannel.open(path, option)) {
            channel.force(true);
        }
    }
}

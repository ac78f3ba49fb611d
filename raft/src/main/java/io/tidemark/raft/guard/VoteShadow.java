package io.tidemark.raft.guard;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.io.Disk;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

/**
 * The file {@code vote-shadow} in a node's directory: what Ratis' own file of term and vote said when this node last let
 * out a promise. Ratis' file has no checksum, and a flipped bit in it may be a second vote in one term (hazard R2).
 *
 * <pre>
 *   content of the copies, see {@link TwoCopies}; their name is TMVS
 *
 *   0        8        16        24      28      28+n
 *   | term   | inode  | changed | n     | vote  |
 *     8        8        8         4       n       big-endian, ASCII
 *
 *   inode, changed   of Ratis' file, 0 where the file system has none; nanoseconds since 1970
 *   vote             peer id, empty for none
 * </pre>
 *
 * <p>It is written before an answer that promises something leaves, so Ratis' file may be ahead of it, and never behind
 * (rule L6). The same file, by inode and time of change, has to say the very same. Thread-safe.
 */
public final class VoteShadow {
    private static final int HEAD_BYTES = 28;
    private static final int VOTE_BYTES_MAX = TwoCopies.CONTENT_BYTES_MAX - HEAD_BYTES;

    private final TwoCopies copies;
    private final Path metadata;
    private volatile Vote last;

    /** @param metadata Ratis' file */
    public VoteShadow(Disk disk, Path nodeDirectory, Path metadata) {
        this.copies = new TwoCopies(disk, nodeDirectory.resolve("vote-shadow"), "TMVS");
        this.metadata = metadata;
    }

    private record Vote(long term, String vote, long inode, long changed) {
        boolean sameFile(Vote other) {
            return inode != 0 && inode == other.inode && changed == other.changed;
        }

        boolean sameWords(Vote other) {
            return term == other.term && vote.equals(other.vote);
        }

        /** Whether a node that promised {@code before} may say this. */
        boolean mayFollow(Vote before) {
            return sameWords(before) || term > before.term || term == before.term && before.vote.isEmpty();
        }
    }

    /**
     * Compares Ratis' file with what was promised, before Ratis reads it.
     *
     * @param logTerm term of the log's last entry, which no vote can be older than
     * @throws TidemarkException {@code CORRUPT} when the file is not what this node wrote
     */
    public synchronized void check(long logTerm) {
        if (!Files.exists(metadata)) {
            return; // of a node that has yet to begin; one that has lost it is refused before
        }
        Vote found = read();
        Optional<Vote> promised = copies.read().map(VoteShadow::decode);
        boolean sound = found.term >= logTerm
                && (promised.isEmpty()
                        || (found.sameFile(promised.get())
                                ? found.sameWords(promised.get())
                                : found.mayFollow(promised.get())));
        if (!sound) {
            throw damaged(
                    "says term " + found.term + " and a vote for '" + found.vote + "', but this node has promised "
                            + promised.map(v -> "term " + v.term + " and a vote for '" + v.vote + "'")
                                    .orElse("nothing recorded")
                            + " and its log ends in term " + logTerm);
        }
        last = promised.orElse(null);
    }

    /** Records what Ratis' file says by now, if it is news. Its name must be durable already. */
    public synchronized void follow() throws IOException {
        Vote now = read();
        if (!now.equals(last)) {
            copies.write(encode(now));
            last = now;
        }
    }

    /** The term that is recorded, -1 while none is. */
    public long term() {
        Vote now = last;
        return now == null ? -1 : now.term;
    }

    private Vote read() {
        Properties properties = new Properties();
        try (Reader reader = new InputStreamReader(Files.newInputStream(metadata), StandardCharsets.UTF_8)) {
            properties.load(reader);
            String vote = properties.getProperty("votedFor");
            if (vote == null || vote.length() > VOTE_BYTES_MAX) {
                throw damaged("says nothing of a vote");
            }
            long term = Long.parseLong(properties.getProperty("term", ""));
            return new Vote(
                    term, vote, inode(), Files.getLastModifiedTime(metadata).to(TimeUnit.NANOSECONDS));
        } catch (IllegalArgumentException e) {
            throw damaged("says nothing of a term that can be read");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + metadata, e);
        }
    }

    private long inode() throws IOException {
        try {
            return ((Number) Files.getAttribute(metadata, "unix:ino")).longValue();
        } catch (UnsupportedOperationException | IllegalArgumentException e) {
            return 0;
        }
    }

    private TidemarkException damaged(String why) {
        return new TidemarkException(
                ErrorKind.CORRUPT,
                metadata + " " + why + ": it is damaged, or another node's, and this node could vote twice in a term."
                        + " Remove the node's directory and start it again: it joins as a new incarnation");
    }

    private static byte[] encode(Vote vote) {
        byte[] name = vote.vote.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(HEAD_BYTES + name.length)
                .putLong(vote.term)
                .putLong(vote.inode)
                .putLong(vote.changed)
                .putInt(name.length)
                .put(name)
                .array();
    }

    private static Vote decode(byte[] content) {
        ByteBuffer bytes = ByteBuffer.wrap(content);
        long term = bytes.getLong();
        long inode = bytes.getLong();
        long changed = bytes.getLong();
        byte[] vote = Arrays.copyOfRange(content, HEAD_BYTES, HEAD_BYTES + bytes.getInt());
        return new Vote(term, new String(vote, StandardCharsets.UTF_8), inode, changed);
    }
}

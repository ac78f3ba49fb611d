package io.tidemark.raft.machine;

import io.tidemark.engine.log.Entry;
import io.tidemark.engine.log.EntryCodec;
import io.tidemark.engine.log.Reply;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;

/**
 * An entry on its way into the log, handed to Ratis in this process. It travels with the transaction, so that the
 * applying thread hands the replies straight back to who proposed it; other nodes see its bytes only.
 */
public final class Proposal implements Message {
    private final Entry entry;
    private final byte[] payload;
    private final CompletableFuture<List<Reply>> replies = new CompletableFuture<>();
    private volatile boolean appended;

    public Proposal(Entry entry) {
        this.entry = entry;
        this.payload = EntryCodec.encode(entry);
    }

    public Entry entry() {
        return entry;
    }

    /** The entry's bytes; never changed by anyone. */
    byte[] payload() {
        return payload;
    }

    public int bytes() {
        return payload.length;
    }

    @Override
    public ByteString getContent() {
        return UnsafeByteOperations.unsafeWrap(payload);
    }

    /** One reply per command, on the thread that applies; whoever waits hands over to another thread at once. */
    public CompletableFuture<List<Reply>> replies() {
        return replies;
    }

    /** The entry is in the leader's log: from here on a failure leaves its outcome unknown. */
    public void markAppended() {
        appended = true;
    }

    /** False as long as it is certain that the entry is in no log. */
    public boolean appended() {
        return appended;
    }
}

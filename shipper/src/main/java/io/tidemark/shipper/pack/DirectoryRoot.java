package io.tidemark.shipper.pack;

import static io.tidemark.shipper.pack.Damage.corrupt;
import static io.tidemark.shipper.pack.Damage.hex;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The root of a checkpoint's directory; its bytes are in {@link DirectoryFormat}.
 *
 * @param term of the entry at {@code lsn}
 * @param redoChain after it
 * @param base the checkpoint before; {@link Base#NONE} for the first of all
 * @param pageIds ids ever given out: each below has a page
 * @param changedPages that this checkpoint shipped
 * @param contentHash SHA-256 over them, plain, in order of their ids (rule CT8)
 * @param parts in order of page ids
 */
public record DirectoryRoot(
        String history,
        long lsn,
        long term,
        long redoChain,
        Base base,
        int pageBytes,
        long pageIds,
        int pagesPerPart,
        long changedPages,
        byte[] contentHash,
        List<PartRef> parts) {

    public DirectoryRoot {
        parts = List.copyOf(parts);
    }

    /**
     * A checkpoint, by its root.
     *
     * @param sha256 of the object, hex
     */
    public record Base(long lsn, String root, long bytes, String sha256) {
        public static final Base NONE = new Base(-1, "", 0, "00".repeat(DirectoryFormat.HASH_BYTES));
    }

    /** Where a part lies. */
    public record PartRef(String object, int offset, int length, int crc) {}

    public byte[] encode() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeLong(DirectoryFormat.ROOT_MAGIC);
            out.writeShort(DirectoryFormat.VERSION);
            text(out, history);
            out.writeLong(lsn);
            out.writeLong(term);
            out.writeLong(redoChain);
            out.writeLong(base.lsn());
            text(out, base.root());
            out.writeLong(base.bytes());
            out.write(HexFormat.of().parseHex(base.sha256()));
            out.writeInt(pageBytes);
            out.writeLong(pageIds);
            out.writeInt(pagesPerPart);
            out.writeLong(changedPages);
            out.write(contentHash);
            writeParts(out);
            out.writeInt(Damage.crc(bytes.toByteArray(), 0, bytes.size()));
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot be written", e);
        }
        return bytes.toByteArray();
    }

    private void writeParts(DataOutputStream out) throws IOException {
        Map<String, Integer> objects = new LinkedHashMap<>();
        parts.forEach(part -> objects.putIfAbsent(part.object(), objects.size()));
        out.writeInt(objects.size());
        for (String key : objects.keySet()) {
            text(out, key);
        }
        out.writeInt(parts.size());
        for (PartRef part : parts) {
            out.writeInt(objects.get(part.object()));
            out.writeInt(part.offset());
            out.writeInt(part.length());
            out.writeInt(part.crc());
        }
    }

    private static void text(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeShort(bytes.length);
        out.write(bytes);
    }

    /** Reads an object; {@code CORRUPT} when a byte of it is not what was written, or its key says something else. */
    public static DirectoryRoot decode(PackName name, byte[] bytes) {
        String object = name.key();
        int end = bytes.length - DirectoryFormat.CRC_BYTES;
        ByteBuffer in = ByteBuffer.wrap(bytes);
        if (end < 8 + 2 || in.getLong(0) != DirectoryFormat.ROOT_MAGIC) {
            throw corrupt(object, 0, "magic", "TMDIROOT", end < 8 ? "too few bytes" : hex(in.getLong(0)));
        }
        Damage.checkCrc(object, bytes, 0, end, "root");
        if (in.getShort(8) != DirectoryFormat.VERSION) {
            throw Damage.newer(object, in.getShort(8), DirectoryFormat.VERSION);
        }
        DirectoryRoot root;
        try {
            root = decode(in.position(10).limit(end));
        } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
            throw corrupt(object, in.position(), "the root", "whole", "cut off");
        }
        if (!root.history().equals(name.history()) || root.lsn() != name.lsn() || in.hasRemaining()) {
            throw corrupt(object, 0, "the root's own name", name, root.history() + " at LSN " + root.lsn());
        }
        long needed = (root.pageIds() + root.pagesPerPart() - 1) / Math.max(1, root.pagesPerPart());
        if (root.pagesPerPart() < 1 || needed != root.parts().size()) {
            throw corrupt(object, 0, "parts", needed, root.parts().size());
        }
        return root;
    }

    private static DirectoryRoot decode(ByteBuffer in) {
        String history = text(in);
        long lsn = in.getLong();
        long term = in.getLong();
        long chain = in.getLong();
        Base base =
                new Base(in.getLong(), text(in), in.getLong(), HexFormat.of().formatHex(hash(in)));
        int pageBytes = in.getInt();
        long pageIds = in.getLong();
        int pagesPerPart = in.getInt();
        long changed = in.getLong();
        byte[] hash = hash(in);
        List<String> objects = new ArrayList<>();
        for (int left = in.getInt(); left > 0; left--) {
            objects.add(text(in));
        }
        List<PartRef> parts = new ArrayList<>();
        for (int left = in.getInt(); left > 0; left--) {
            parts.add(new PartRef(objects.get(in.getInt()), in.getInt(), in.getInt(), in.getInt()));
        }
        return new DirectoryRoot(
                history, lsn, term, chain, base, pageBytes, pageIds, pagesPerPart, changed, hash, parts);
    }

    private static byte[] hash(ByteBuffer in) {
        byte[] hash = new byte[DirectoryFormat.HASH_BYTES];
        in.get(hash);
        return hash;
    }

    private static String text(ByteBuffer in) {
        byte[] bytes = new byte[Short.toUnsignedInt(in.getShort())];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Part in which the page stands. */
    PartRef part(long pageId) {
        return parts.get(Math.toIntExact(pageId / pagesPerPart));
    }

    /** Page ids of a part; the last one may have fewer. */
    int pagesOf(int part) {
        return (int) Math.min(pagesPerPart, pageIds - (long) part * pagesPerPart);
    }

    public String contentHashHex() {
        return HexFormat.of().formatHex(contentHash);
    }
}

package io.tidemark.shipper.pack;

import static io.tidemark.shipper.pack.Damage.checkCrc;
import static io.tidemark.shipper.pack.Damage.corrupt;
import static io.tidemark.shipper.pack.Damage.hex;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** An object of parts in the making, and the checks of a whole one; its bytes are in {@link DirectoryFormat}. */
public final class DirectoryParts {
    private final PackName name;
    private final String key;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private int parts;

    /**
     * An object on its way to S3.
     *
     * @param bytes the object
     */
    public record Sealed(PackName name, byte[] bytes) {}

    DirectoryParts(PackName name) {
        this.name = name;
        this.key = name.key();
        byte[] history = name.history().getBytes(StandardCharsets.UTF_8);
        ByteBuffer header = ByteBuffer.allocate(
                DirectoryFormat.PARTS_HEADER_FIXED_BYTES + history.length + DirectoryFormat.CRC_BYTES);
        header.putLong(DirectoryFormat.PARTS_MAGIC).putShort(DirectoryFormat.VERSION);
        header.putShort((short) history.length).putLong(name.lsn()).put(history);
        header.putInt(Damage.crc(header.array(), 0, header.position()));
        out.writeBytes(header.array());
    }

    /** Adds a part; where it lies. */
    DirectoryRoot.PartRef add(byte[] part) {
        int crc = ByteBuffer.wrap(part).getInt(DirectoryFormat.PART_HEADER_BYTES - DirectoryFormat.CRC_BYTES);
        DirectoryRoot.PartRef ref = new DirectoryRoot.PartRef(key, out.size(), part.length, crc);
        out.writeBytes(part);
        parts++;
        return ref;
    }

    boolean isEmpty() {
        return parts == 0;
    }

    int bytes() {
        return out.size();
    }

    Sealed finish() {
        ByteBuffer trailer = ByteBuffer.allocate(DirectoryFormat.PARTS_TRAILER_BYTES);
        trailer.putInt(Damage.crc(out.toByteArray(), 0, out.size())).putLong(DirectoryFormat.PARTS_END_MAGIC);
        trailer.putInt(Damage.crc(trailer.array(), 0, trailer.position()));
        out.writeBytes(trailer.array());
        return new Sealed(name, out.toByteArray());
    }

    /** Checks every byte of a whole object and hands out its places. */
    public static void verify(PackName name, byte[] bytes, Consumer<PagePlace> places) {
        String object = name.key();
        int least = DirectoryFormat.PARTS_HEADER_FIXED_BYTES + DirectoryFormat.CRC_BYTES;
        if (bytes.length < least + DirectoryFormat.PARTS_TRAILER_BYTES) {
            throw corrupt(object, bytes.length, "length", "at least " + least, bytes.length);
        }
        ByteBuffer all = ByteBuffer.wrap(bytes);
        if (all.getLong(0) != DirectoryFormat.PARTS_MAGIC) {
            throw corrupt(object, 0, "magic", "TMDIRPRT", hex(all.getLong(0)));
        }
        int trailer = bytes.length - DirectoryFormat.PARTS_TRAILER_BYTES;
        int end = DirectoryFormat.PARTS_HEADER_FIXED_BYTES + Short.toUnsignedInt(all.getShort(10));
        if (end + DirectoryFormat.CRC_BYTES > trailer) {
            throw corrupt(object, 10, "length of the history's id", "less", end);
        }
        checkCrc(object, bytes, 0, end, "header");
        if (all.getShort(8) != DirectoryFormat.VERSION) {
            throw Damage.newer(object, all.getShort(8), DirectoryFormat.VERSION);
        }
        checkCrc(object, bytes, trailer, bytes.length - DirectoryFormat.CRC_BYTES, "trailer");
        int found = Damage.crc(bytes, 0, trailer);
        if (all.getLong(trailer + 4) != DirectoryFormat.PARTS_END_MAGIC || all.getInt(trailer) != found) {
            throw corrupt(object, trailer, "CRC of the whole object", hex(all.getInt(trailer)), hex(found));
        }
        for (int at = end + DirectoryFormat.CRC_BYTES; at < trailer; ) {
            int frame = trailer - at < DirectoryFormat.PART_HEADER_BYTES ? -1 : all.getInt(at);
            if (frame < 0 || frame > trailer - at - DirectoryFormat.PART_HEADER_BYTES) {
                throw corrupt(object, at, "bytes of the part", "at most " + (trailer - at), frame);
            }
            int length = DirectoryFormat.PART_HEADER_BYTES + frame;
            DirectoryPart.decode(object, at, bytes, at, length).places().forEach(places);
            at += length;
        }
    }
}

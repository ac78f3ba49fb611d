package io.tidemark.recovery.crash;

import io.tidemark.engine.io.DiskFile;
import io.tidemark.engine.io.SimulatedDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/** 64 bits of what a disk holds, so that an image is checked, and counted, once. */
final class Fingerprint {
    private static final List<Path> DIRECTORIES =
            List.of(StoreOnDisk.FILES.directory(), StoreOnDisk.FILES.wal(), StoreOnDisk.FILES.table());

    private final CRC32C low = new CRC32C();
    private final CRC32 high = new CRC32();

    private Fingerprint() {}

    static long of(SimulatedDisk disk) {
        Fingerprint print = new Fingerprint();
        try {
            for (Path directory : DIRECTORIES) {
                for (String name : disk.list(directory)) {
                    DiskFile file = disk.open(directory.resolve(name));
                    ByteBuffer bytes = ByteBuffer.allocate((int) file.size());
                    file.read(bytes, 0);
                    print.add((name + " " + bytes.capacity()).getBytes(StandardCharsets.UTF_8));
                    print.add(bytes.array());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return print.high.getValue() << 32 | print.low.getValue();
    }

    private void add(byte[] bytes) {
        low.update(bytes);
        high.update(bytes);
    }
}

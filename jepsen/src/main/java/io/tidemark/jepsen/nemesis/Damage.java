package io.tidemark.jepsen.nemesis;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Random;

/** What can happen to a file while nobody writes it. */
enum Damage {
    /** One bit, anywhere, is the other one. */
    BIT_FLIP {
        @Override
        String inflict(RandomAccessFile file, Random random) throws IOException {
            long at = nextLong(random, file.length());
            file.seek(at);
            int old = file.read();
            int bit = random.nextInt(8);
            file.seek(at);
            file.write(old ^ (1 << bit));
            return "bit " + bit + " of byte " + at + " flipped";
        }
    },
    /** The end is gone. */
    TRUNCATION {
        @Override
        String inflict(RandomAccessFile file, Random random) throws IOException {
            long length = file.length();
            long kept = length - 1 - nextLong(random, Math.min(length, TAIL_MAX));
            file.setLength(kept);
            return "cut from " + length + " to " + kept + " bytes";
        }
    },
    /** The end is zeros. */
    ZEROED_TAIL {
        @Override
        String inflict(RandomAccessFile file, Random random) throws IOException {
            long length = file.length();
            long tail = 1 + nextLong(random, Math.min(length, TAIL_MAX));
            file.seek(length - tail);
            for (long left = tail; left > 0; left -= ZEROS.length) {
                file.write(ZEROS, 0, (int) Math.min(left, ZEROS.length));
            }
            return "last " + tail + " of " + length + " bytes zeroed";
        }
    };

    private static final long TAIL_MAX = 64 * 1024;
    private static final byte[] ZEROS = new byte[4096];

    abstract String inflict(RandomAccessFile file, Random random) throws IOException;

    /** Damages a file that has at least one byte; says how. */
    String inflict(Path path, Random random) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            return inflict(file, random);
        }
    }

    private static long nextLong(Random random, long bound) {
        return Math.floorMod(random.nextLong(), bound);
    }
}

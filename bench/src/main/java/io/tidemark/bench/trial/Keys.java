package io.tidemark.bench.trial;

/**
 * Keys of 16 bytes: a number in hexadecimal. Record {@code i} has the number {@code 2 i}; the odd ones are never stored,
 * so that a missing key lies among those that are there.
 */
public final class Keys {
    public static final int BYTES = 16;

    private static final byte[] DIGITS = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'
    };

    private Keys() {}

    public static void stored(int index, byte[] target) {
        write(2L * index, target);
    }

    public static void missing(int index, byte[] target) {
        write(2L * index + 1, target);
    }

    private static void write(long number, byte[] target) {
        long rest = number;
        for (int i = BYTES - 1; i >= 0; i--) {
            target[i] = DIGITS[(int) (rest & 15)];
            rest >>>= 4;
        }
    }

    /** Index of a stored key; -1 when these bytes are none. */
    public static int index(byte[] key) {
        if (key.length != BYTES) {
            return -1;
        }
        long number = 0;
        for (byte digit : key) {
            number = number << 4 | Character.digit(digit, 16);
        }
        return number < 0 || (number & 1) != 0 ? -1 : (int) (number >>> 1);
    }
}

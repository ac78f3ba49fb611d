package io.tidemark.jepsen.workload;

import io.tidemark.jepsen.history.History;
import java.util.Random;

/**
 * Each process writes keys of its own, in chains: the first write demands that the key is absent, each later one that it
 * is as the one before left it. What {@link io.tidemark.jepsen.checker.AcknowledgedWrites} says of the result finds lost
 * and doubled writes. A chain with an unclear end, or long enough, is left and a new one begun.
 */
public final class ChainWorkload extends Workload {

    /** Keys of all chains begin so. */
    public static final String PREFIX = "chain/";

    private static final int LINKS = 20;

    private final int paddingBytes;

    /** @param paddingBytes length of each value at least, to move more bytes */
    public ChainWorkload(History history, Registers.Opener opener, int paddingBytes) {
        super(history, opener);
        this.paddingBytes = paddingBytes;
    }

    private final java.util.Map<Integer, Chain> chains = new java.util.concurrent.ConcurrentHashMap<>();

    private record Chain(int number, int link, String value, String version) {}

    @Override
    boolean step(int process, Process caller, Random random) {
        Chain chain = chains.getOrDefault(process, new Chain(0, 0, null, null));
        String key = PREFIX + process + "/" + chain.number();
        String value = padded(process + "." + chain.number() + "." + chain.link());
        Registers.Answer answer = caller.swap(key, chain.value(), chain.version(), value);
        boolean again = answer.end() == Registers.End.NOT_DONE;
        boolean goOn = answer.end() == Registers.End.DONE && chain.link() + 1 < LINKS;
        if (goOn) {
            chains.put(process, new Chain(chain.number(), chain.link() + 1, value, answer.version()));
        } else if (!again) {
            chains.put(process, new Chain(chain.number() + 1, 0, null, null));
        }
        return answer.end() == Registers.End.DONE;
    }

    private String padded(String token) {
        return token.length() >= paddingBytes ? token : token + "-" + "x".repeat(paddingBytes - token.length());
    }
}

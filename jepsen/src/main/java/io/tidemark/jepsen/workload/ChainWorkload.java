package io.tidemark.jepsen.workload;

import io.tidemark.jepsen.history.Recorder;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Each process writes keys of its own, in chains: the first write demands that the key is absent, each later one that it
 * is as the one before left it. What {@link io.tidemark.jepsen.checker.AcknowledgedWrites} says of the result finds lost
 * and doubled writes. A chain with an unclear end, or long enough, is left and a new one begun.
 */
public final class ChainWorkload extends RegisterCalls {

    private static final int LINKS = 20;
    private static final char PADDING = '-';

    private final Map<Integer, Chain> chains = new ConcurrentHashMap<>();
    private final String prefix;
    private final int valueBytes;

    private record Chain(int number, int link, String value, String version) {}

    /**
     * @param prefix keys of all chains begin so
     * @param valueBytes length of each value at least; the history holds only what comes before the padding
     */
    public ChainWorkload(Recorder history, Registers.Opener opener, String prefix, int valueBytes) {
        super(history, opener);
        this.prefix = prefix;
        this.valueBytes = valueBytes;
    }

    @Override
    boolean step(int process, Caller caller, Random random) {
        Chain chain = chains.getOrDefault(process, new Chain(0, 0, null, null));
        String key = prefix + process + "/" + chain.number();
        String value = process + "." + chain.number() + "." + chain.link();
        Registers.Answer answer = caller.swap(key, chain.value(), chain.version(), value, padded(value));
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
        return token + PADDING + "x".repeat(Math.max(0, valueBytes - token.length() - 1));
    }

    /** What the history holds for a value that was read back. */
    public static String token(String value) {
        int padding = value.indexOf(PADDING);
        return padding < 0 ? value : value.substring(0, padding);
    }
}

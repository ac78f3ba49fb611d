package io.tidemark.jepsen.checker.simulation;

import io.tidemark.jepsen.history.Header;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A set. */
public final class SimulatedSet extends SimulatedStore {

    public enum Defect {
        NONE,
        LOSES_ELEMENTS,
        READS_STALE,
        MAKES_ELEMENTS_UP,
        ADDS_TWICE
    }

    private final Defect defect;
    private final List<Long> elements = new ArrayList<>();
    private long next;

    public SimulatedSet(Defect defect, Random random) {
        super(random);
        this.defect = defect;
    }

    @Override
    public Header header() {
        return Header.of("set");
    }

    @Override
    public Request next(int client) {
        return random.nextInt(25) == 0 ? new Request("read", null) : new Request("add", next++);
    }

    @Override
    public Answer apply(Request request) {
        if (request.f().equals("read")) {
            int hidden = defect == Defect.READS_STALE && elements.size() > 10 && random.nextInt(3) == 0 ? 9 : 0;
            return Answer.of(new ArrayList<>(elements.subList(0, elements.size() - hidden)));
        }
        long element = (Long) request.value();
        if (defect != Defect.LOSES_ELEMENTS || !sometimes()) {
            elements.add(element);
        }
        if (defect == Defect.ADDS_TWICE && sometimes()) {
            elements.add(element);
        }
        if (defect == Defect.MAKES_ELEMENTS_UP && sometimes()) {
            elements.add(1_000_000 + element);
        }
        return Answer.of(request.value());
    }

    @Override
    public List<Request> last() {
        return List.of(new Request("read", null));
    }
}

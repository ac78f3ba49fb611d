package io.tidemark.jepsen.checker.simulation;

import io.tidemark.jepsen.checker.simulation.SimulatedStore.Answer;
import io.tidemark.jepsen.checker.simulation.SimulatedStore.Request;
import io.tidemark.jepsen.history.Event;
import io.tidemark.jepsen.history.History;
import io.tidemark.jepsen.history.Recorder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Clients of a {@link SimulatedStore}, interleaved at random, without threads: a function of the seed. Each request takes
 * effect at one moment between its call and its end. Some are refused and do nothing; some end unclear, done or not, or done
 * much later.
 */
public final class Simulation {

    private final SimulatedStore store;
    private final Random random;
    private final Recorder recorder;
    private final Request[] asked;
    private final Answer[] answered;
    private final int[] numbers;
    private final List<Request> late = new ArrayList<>();
    private final int unclearPercent;
    private int nextNumber;

    private Simulation(SimulatedStore store, int clients, int unclearPercent, Random random) {
        this.store = store;
        this.random = random;
        this.unclearPercent = unclearPercent;
        long[] clock = {0};
        recorder = Recorder.inMemory(store.header(), () -> clock[0] += 50_000);
        asked = new Request[clients];
        answered = new Answer[clients];
        numbers = new int[clients];
        for (int i = 0; i < clients; i++) {
            numbers[i] = nextNumber++;
        }
    }

    /** Runs so many calls. */
    public static History run(SimulatedStore store, int clients, int calls, int unclearPercent, Random random) {
        Simulation simulation = new Simulation(store, clients, unclearPercent, random);
        int begun = 0;
        while (begun < calls) {
            int client = random.nextInt(clients);
            if (simulation.asked[client] == null) {
                begun++;
            }
            simulation.step(client);
        }
        return simulation.end();
    }

    private void step(int client) {
        if (!late.isEmpty() && random.nextInt(20) == 0) {
            store.apply(late.remove(random.nextInt(late.size())));
        }
        Request request = asked[client];
        if (request == null) {
            asked[client] = store.next(client);
            recorder.invoke(numbers[client], asked[client].f(), asked[client].value());
        } else if (answered[client] != null) {
            answer(client);
        } else if (dice(unclearPercent)) {
            if (random.nextBoolean()) {
                late.add(request);
            }
            unclear(client);
        } else if (dice(3)) {
            recorder.fail(numbers[client], request.f(), request.value(), "not done");
            asked[client] = null;
        } else {
            answered[client] = store.apply(request);
        }
    }

    private boolean dice(int percent) {
        return random.nextInt(100) < percent;
    }

    private void answer(int client) {
        Request request = asked[client];
        Answer answer = answered[client];
        if (dice(unclearPercent)) {
            unclear(client);
            return;
        }
        if (answer.error() == null) {
            recorder.ok(numbers[client], request.f(), answer.value(), answer.seen());
        } else {
            recorder.fail(numbers[client], request.f(), answer.value(), answer.error());
        }
        asked[client] = null;
        answered[client] = null;
    }

    private void unclear(int client) {
        recorder.info(numbers[client], asked[client].f(), asked[client].value(), "no answer");
        store.unclear(client);
        numbers[client] = nextNumber++;
        asked[client] = null;
        answered[client] = null;
    }

    private History end() {
        for (int client = 0; client < asked.length; client++) {
            while (asked[client] != null) {
                step(client);
            }
        }
        for (Request request : store.last()) {
            recorder.invoke(nextNumber, request.f(), request.value());
            recorder.ok(nextNumber, request.f(), store.apply(request).value(), Event.Seen.NOTHING);
        }
        return recorder.history();
    }
}

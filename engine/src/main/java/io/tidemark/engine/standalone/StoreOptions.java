package io.tidemark.engine.standalone;

import io.tidemark.engine.EngineOptions;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.log.EntryLimits;
import java.time.Duration;

/**
 * Options of one store, checked once.
 *
 * @param engine of the engine below
 * @param durability of commits that do not say otherwise; default SYNC
 * @param timeout a transaction whose owner is silent for longer is taken back; 1 ms to a day, default 1 minute
 * @param attempts how often {@link Store#transact} and single writes try, conflicts coming between; default 100
 */
public record StoreOptions(EngineOptions engine, Durability durability, Duration timeout, int attempts) {

    public static StoreOptions defaults() {
        return of(EngineOptions.defaults());
    }

    /** The defaults, over an engine of these options. */
    public static StoreOptions of(EngineOptions engine) {
        return new StoreOptions(engine, Durability.SYNC, Duration.ofMinutes(1), 100);
    }

    public StoreOptions {
        long millis = timeout.toMillis();
        if (millis < 1 || millis > EntryLimits.TRANSACTION_TIMEOUT_MILLIS_MAX) {
            throw new TidemarkException(ErrorKind.INVALID, "store option timeout cannot be " + timeout);
        }
        if (attempts < 1) {
            throw new TidemarkException(ErrorKind.INVALID, "store option attempts cannot be " + attempts);
        }
    }

    public StoreOptions withDurability(Durability other) {
        return new StoreOptions(engine, other, timeout, attempts);
    }

    public StoreOptions withTimeout(Duration other) {
        return new StoreOptions(engine, durability, other, attempts);
    }
}

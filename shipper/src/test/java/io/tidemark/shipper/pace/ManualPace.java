package io.tidemark.shipper.pace;

import java.util.concurrent.atomic.AtomicLong;

/** A clock that moves only when told to, or when someone rests. Thread-safe. */
public final class ManualPace implements Pace {
    private final AtomicLong millis = new AtomicLong(1_000_000);

    @Override
    public long millis() {
        return millis.get();
    }

    @Override
    public long wallMillis() {
        return millis.get();
    }

    @Override
    public void pause(long rest) {
        millis.addAndGet(rest);
    }
}

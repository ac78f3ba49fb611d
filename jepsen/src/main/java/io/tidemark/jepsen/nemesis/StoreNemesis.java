package io.tidemark.jepsen.nemesis;

import io.tidemark.jepsen.fault.ObjectStoreProxy;
import io.tidemark.jepsen.fault.StoreFaults;
import java.time.Duration;
import java.util.Random;

/** Troubles the way to S3: by turns refused connections, silence, and a mix of 503s, delays and lost answers. */
public final class StoreNemesis implements Nemesis {

    private final ObjectStoreProxy proxy;
    private final Random random;

    /** @param random chooses the trouble */
    public StoreNemesis(ObjectStoreProxy proxy, Random random) {
        this.proxy = proxy;
        this.random = random;
    }

    @Override
    public String name() {
        return "s3";
    }

    @Override
    public String strike() {
        switch (random.nextInt(3)) {
            case 0 -> {
                proxy.refuse();
                return "refused";
            }
            case 1 -> {
                proxy.inject(StoreFaults.BLACK_HOLE);
                return "silent";
            }
            default -> {
                proxy.inject(StoreFaults.mixed(0.3, Duration.ofMillis(50)));
                return "503s, delays and lost answers";
            }
        }
    }

    @Override
    public void heal() {
        proxy.accept();
        proxy.inject(StoreFaults.NONE);
    }
}

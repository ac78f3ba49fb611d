package io.tidemark.recovery;

import io.tidemark.engine.ColdSeed;
import io.tidemark.engine.StorageEngine;
import io.tidemark.engine.StorageEngine.Checkpoint;
import io.tidemark.engine.StoreSeed;
import io.tidemark.engine.error.Halt;
import io.tidemark.engine.io.RealDisk;
import io.tidemark.engine.store.ColdPages;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A directory of the real disk for a new store.
 *
 * @param directory absent or empty
 * @param opens a store in a directory
 * @param cold where what it opens has pages that are not on its disk; {@link ColdPages#NONE} where all are
 */
public record StoreDirectory(Path directory, Function<Path, StorageEngine> opens, ColdPages cold) implements NewStore {
    /** With all its pages. */
    public StoreDirectory(Path directory, Function<Path, StorageEngine> opens) {
        this(directory, opens, ColdPages.NONE);
    }

    @Override
    public StorageEngine open() {
        return opens.apply(directory);
    }

    /** Empty too when something is there already. */
    @Override
    public Optional<StoreSeed> seed(StoreSeed.State state) {
        return isTaken()
                ? Optional.empty()
                : Optional.of(StoreSeed.begin(new RealDisk(), directory, state, Halt.THROW));
    }

    /** Empty too when something is there already. */
    @Override
    public Optional<ColdSeed> coldSeed(StoreSeed.State state, Checkpoint origin) {
        return cold == ColdPages.NONE || isTaken()
                ? Optional.empty()
                : Optional.of(ColdSeed.begin(new RealDisk(), directory, state, origin, cold, Halt.THROW));
    }

    private boolean isTaken() {
        if (!Files.exists(directory)) {
            return false;
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.findAny().isPresent();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot look into " + directory, e);
        }
    }
}

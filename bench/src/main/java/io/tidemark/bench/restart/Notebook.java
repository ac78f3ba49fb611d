package io.tidemark.bench.restart;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Names and numbers that one process leaves for another; complete or not there. */
record Notebook(Path path) {
    void write(Map<String, ?> notes) {
        StringBuilder text = new StringBuilder();
        notes.forEach(
                (name, value) -> text.append(name).append('=').append(value).append('\n'));
        try {
            Path draft = path.resolveSibling(path.getFileName() + ".draft");
            Files.writeString(draft, text);
            Files.move(draft, path, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Optional<Map<String, String>> read() {
        if (!Files.exists(path)) {
            return Optional.empty();
        }
        try {
            Map<String, String> notes = new TreeMap<>();
            for (String line : Files.readAllLines(path)) {
                int equals = line.indexOf('=');
                notes.put(line.substring(0, equals), line.substring(equals + 1));
            }
            return Optional.of(notes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

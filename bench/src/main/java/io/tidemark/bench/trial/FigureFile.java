package io.tidemark.bench.trial;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** Figures of one trial as they come, and at its end a last line: done, ready to be killed, or why it failed. */
public record FigureFile(Path path) {
    private static final String END = "end ";
    private static final String DONE = "done";
    private static final String READY = "ready";

    /**
     * @param end null while the trial runs
     * @param failure null unless it failed
     */
    public record Read(List<Figure> figures, String end, String failure) {
        public boolean hasEnded() {
            return end != null;
        }
    }

    void add(Figure figure) {
        append(figure.line());
    }

    void done() {
        append(END + DONE);
    }

    /** The store is open and holds what was never synced. */
    void ready() {
        append(END + READY);
    }

    void failed(Throwable failure) {
        append(END + String.valueOf(failure).replaceAll("\\s+", " "));
    }

    private void append(String line) {
        try {
            Files.writeString(path, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is there so far; a line that is still being written is left out. */
    public Read read() {
        List<Figure> figures = new ArrayList<>();
        if (!Files.exists(path)) {
            return new Read(figures, null, null);
        }
        String text;
        try {
            text = Files.readString(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String end = null;
        for (String line : text.substring(0, text.lastIndexOf('\n') + 1).lines().toList()) {
            if (line.startsWith(END)) {
                end = line.substring(END.length());
            } else {
                figures.add(Figure.parse(line));
            }
        }
        boolean well = end == null || end.equals(DONE) || end.equals(READY);
        return new Read(figures, end, well ? null : end);
    }
}

package io.tidemark.bench.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A Markdown table whose columns are also aligned for those who read its source: first left, the others right. */
public final class MarkdownTable {
    private final List<List<String>> rows = new ArrayList<>();

    public MarkdownTable(String... header) {
        rows.add(List.of(header));
    }

    public MarkdownTable row(List<String> cells) {
        if (cells.size() != rows.get(0).size()) {
            throw new IllegalArgumentException(
                    cells.size() + " cells in a table of " + rows.get(0).size() + " columns: " + cells);
        }
        rows.add(List.copyOf(cells));
        return this;
    }

    public MarkdownTable row(String... cells) {
        return row(Arrays.asList(cells));
    }

    @Override
    public String toString() {
        int columns = rows.get(0).size();
        int[] width = new int[columns];
        for (List<String> row : rows) {
            for (int i = 0; i < columns; i++) {
                width[i] = Math.max(Math.max(width[i], 3), row.get(i).length());
            }
        }
        StringBuilder text = new StringBuilder();
        for (int r = 0; r < rows.size(); r++) {
            for (int i = 0; i < columns; i++) {
                String cell = rows.get(r).get(i);
                String pad = " ".repeat(width[i] - cell.length());
                text.append("| ").append(i == 0 ? cell + pad : pad + cell).append(' ');
            }
            text.append("|\n");
            if (r == 0) {
                for (int i = 0; i < columns; i++) {
                    text.append(i == 0 ? "|:" : "|-")
                            .append("-".repeat(width[i]))
                            .append(i == 0 ? "-" : ":");
                }
                text.append("|\n");
            }
        }
        return text.toString();
    }
}

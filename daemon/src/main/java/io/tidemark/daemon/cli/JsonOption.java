package io.tidemark.daemon.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.function.Consumer;
import picocli.CommandLine.Option;

/** {@code --json}. */
final class JsonOption {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Option(names = "--json", description = "print one JSON object, for a program")
    private boolean json;

    boolean wanted() {
        return json;
    }

    /** Prints the sentence, or the object that {@code fill} fills. */
    void print(PrintWriter out, String sentence, Consumer<ObjectNode> fill) {
        if (json) {
            ObjectNode object = JSON.createObjectNode();
            fill.accept(object);
            out.println(object);
        } else {
            out.println(sentence);
        }
        out.flush();
    }
}

package io.tidemark.daemon.cli;

import io.tidemark.daemon.files.KeyDisplay;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** KEY, and how it is written. */
final class KeyOption {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "KEY", description = "1 to 2048 bytes; text stands for its UTF-8")
    private String text;

    @Option(names = "--encoded", description = "KEY has bytes written as %%XX, as scan prints them")
    private boolean encoded;

    byte[] bytes() {
        byte[] key = parse(spec, text, encoded);
        if (key.length < 1 || key.length > Limits.KEY_BYTES_MAX) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "KEY has " + key.length + " bytes; a key has 1 to " + Limits.KEY_BYTES_MAX);
        }
        return key;
    }

    static byte[] parse(CommandSpec spec, String text, boolean encoded) {
        if (!encoded) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
        try {
            return KeyDisplay.read(text);
        } catch (IllegalArgumentException e) {
            throw new CommandLine.ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }
}

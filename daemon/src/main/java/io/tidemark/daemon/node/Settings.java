package io.tidemark.daemon.node;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeSet;

/**
 * The settings of one daemon: what was given, over what the environment says, over what the file says, over what is
 * standard. Immutable.
 */
public final class Settings {
    private final Map<Setting, String> given;

    private Settings(Map<Setting, String> given) {
        this.given = Map.copyOf(given);
    }

    public static Settings standard() {
        return new Settings(Map.of());
    }

    /** Reads {@code tidemark.properties}; an absent file says nothing. */
    public static Settings read(Path file) {
        if (!Files.exists(file)) {
            return standard();
        }
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            properties.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            throw new TidemarkException(ErrorKind.INVALID, "cannot read " + file + ": " + e.getMessage(), e);
        }
        EnumMap<Setting, String> values = new EnumMap<>(Setting.class);
        for (String key : new TreeSet<>(properties.stringPropertyNames())) {
            try {
                Setting setting = Setting.of(key);
                values.put(setting, setting.parse(properties.getProperty(key)));
            } catch (TidemarkException e) {
                throw new TidemarkException(e.kind(), file + ": " + e.getMessage(), e);
            }
        }
        return new Settings(values);
    }

    /** Reads the file, with this process's environment over it. */
    public static Settings effective(Path file) {
        return read(file).withEnvironment(System.getenv());
    }

    /** These, with the variables of an environment over them; variables that name no setting are not ours. */
    public Settings withEnvironment(Map<String, String> environment) {
        EnumMap<Setting, String> values = copy();
        for (Setting setting : Setting.values()) {
            String value = environment.get(setting.variable());
            if (value != null) {
                try {
                    values.put(setting, setting.parse(value));
                } catch (TidemarkException e) {
                    throw new TidemarkException(
                            e.kind(), "environment variable " + setting.variable() + ": " + e.getMessage(), e);
                }
            }
        }
        return new Settings(values);
    }

    /** These, with {@code NAME=VALUE} pairs over them. */
    public Settings with(List<String> pairs) {
        EnumMap<Setting, String> values = copy();
        for (String pair : pairs) {
            int equals = pair.indexOf('=');
            if (equals < 1) {
                throw new TidemarkException(ErrorKind.INVALID, "a setting is NAME=VALUE, not '" + pair + "'");
            }
            Setting setting = Setting.of(pair.substring(0, equals).trim());
            values.put(setting, setting.parse(pair.substring(equals + 1)));
        }
        return new Settings(values);
    }

    private EnumMap<Setting, String> copy() {
        EnumMap<Setting, String> values = new EnumMap<>(Setting.class);
        values.putAll(given);
        return values;
    }

    /** The value of a setting that is a number. */
    public long get(Setting setting) {
        if (!setting.isNumber()) {
            throw new IllegalArgumentException(setting.key() + " is no number");
        }
        return Long.parseLong(text(setting));
    }

    /** The value of a setting that counts something small. */
    public int getInt(Setting setting) {
        long value = get(setting);
        if (value != (int) value) {
            throw new TidemarkException(ErrorKind.INVALID, "setting " + setting.key() + " cannot be " + value);
        }
        return (int) value;
    }

    /** The value as text; empty for none. */
    public String text(Setting setting) {
        return given.getOrDefault(setting, setting.standard());
    }

    /** The value as text; null for none. */
    String textOrNull(Setting setting) {
        String text = text(setting);
        return text.isEmpty() ? null : text;
    }

    boolean flag(Setting setting) {
        return Boolean.parseBoolean(text(setting));
    }

    /** What differs from the standard, as lines {@code NAME=VALUE}, sorted; a secret's value is replaced by stars. */
    public List<String> describe() {
        return lines(false);
    }

    private List<String> lines(boolean secrets) {
        List<String> lines = new ArrayList<>();
        given.forEach((setting, value) ->
                lines.add(setting.key() + "=" + (setting.isSecret() && !secrets ? "***" : setting.show(value))));
        lines.sort(null);
        return lines;
    }

    /** Writes what was given to a properties file, for its owner alone if a secret is among it; nothing when nothing was. */
    public void write(Path file) {
        if (given.isEmpty()) {
            return;
        }
        // backslashes mean something in a properties file
        List<String> lines =
                lines(true).stream().map(l -> l.replace("\\", "\\\\")).toList();
        try {
            boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
            if (posix && given.keySet().stream().anyMatch(Setting::isSecret)) {
                Files.deleteIfExists(file);
                Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            }
            Files.write(file, lines, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new TidemarkException(ErrorKind.UNAVAILABLE, "cannot write " + file + ": " + e.getMessage(), e);
        }
    }
}

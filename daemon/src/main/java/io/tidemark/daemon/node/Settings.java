package io.tidemark.daemon.node;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeSet;

/** The settings of one daemon: what was given, over what the file says, over what is standard. Immutable. */
public final class Settings {
    private final Map<Setting, Long> given;

    private Settings(Map<Setting, Long> given) {
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
        EnumMap<Setting, Long> values = new EnumMap<>(Setting.class);
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

    /** These, with {@code NAME=VALUE} pairs over them. */
    public Settings with(List<String> pairs) {
        EnumMap<Setting, Long> values = new EnumMap<>(Setting.class);
        values.putAll(given);
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

    public long get(Setting setting) {
        return given.getOrDefault(setting, setting.standard());
    }

    /** The value of a setting that counts something small. */
    public int getInt(Setting setting) {
        long value = get(setting);
        if (value != (int) value) {
            throw new TidemarkException(ErrorKind.INVALID, "setting " + setting.key() + " cannot be " + value);
        }
        return (int) value;
    }

    /** Writes what differs from the standard to a properties file; nothing when nothing does. */
    public void write(Path file) {
        if (given.isEmpty()) {
            return;
        }
        List<String> lines = new ArrayList<>();
        given.forEach((setting, value) -> lines.add(setting.key() + "=" + setting.show(value)));
        lines.sort(null);
        try {
            Files.write(file, lines, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new TidemarkException(ErrorKind.UNAVAILABLE, "cannot write " + file + ": " + e.getMessage(), e);
        }
    }
}

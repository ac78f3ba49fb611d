package io.tidemark.jepsen.history;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Values of events: what JSON can say. */
public final class Values {

    private Values() {}

    /** An unchangeable deep copy; all whole numbers become longs, so that a value read back equals the one written. */
    public static Object copy(Object value) {
        if (value instanceof Integer || value instanceof Short || value instanceof Byte) {
            return ((Number) value).longValue();
        }
        if (value == null
                || value instanceof String
                || value instanceof Long
                || value instanceof Double
                || value instanceof Boolean) {
            return value;
        }
        if (value instanceof Iterable<?> items) {
            List<Object> copy = new ArrayList<>();
            items.forEach(item -> copy.add(copy(item)));
            return Collections.unmodifiableList(copy);
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> copy = new LinkedHashMap<>();
            map.forEach((key, item) -> copy.put(String.valueOf(key), copy(item)));
            return Collections.unmodifiableMap(copy);
        }
        throw new IllegalArgumentException("a history cannot hold a " + value.getClass() + ": " + value);
    }

    /** The value as a list; fails if it is none. */
    public static List<?> list(Object value) {
        if (value instanceof List<?> list) {
            return list;
        }
        throw new IllegalArgumentException("expected a list, found " + value);
    }

    /** The value as a map with strings as keys; fails if it is none. */
    public static Map<?, ?> map(Object value) {
        if (value instanceof Map<?, ?> map) {
            return map;
        }
        throw new IllegalArgumentException("expected a map, found " + value);
    }

    /** The value as a whole number; fails if it is none. */
    public static long number(Object value) {
        if (value instanceof Number number) {
            return number.longValue();
        }
        throw new IllegalArgumentException("expected a number, found " + value);
    }

    /** The value in words; null stays null. */
    public static String text(Object value) {
        return value == null ? null : value.toString();
    }
}

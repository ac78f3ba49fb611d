package io.tidemark.jepsen.plant;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jboss.byteman.rule.Rule;
import org.jboss.byteman.rule.helper.Helper;

/**
 * What the rules of planted faults call, inside of daemons; knows the product by names only. Byteman makes a class of its
 * own from it, so it is not final. Thread-safe.
 */
public class Lie extends Helper {
    /** What is done later already, and is not to be done again for that. */
    private static final Map<Object, Boolean> LATER = Collections.synchronizedMap(new WeakHashMap<>());

    public Lie(Rule rule) {
        super(rule);
    }

    /** Whether this is the daemon of that node. */
    public boolean at(String node) {
        return System.getProperty("sun.java.command", "").contains("--node " + node);
    }

    /** True once in so many times, by chance. */
    public boolean oneIn(int times) {
        return ThreadLocalRandom.current().nextInt(times) == 0;
    }

    /** Whether the command sets a key. */
    public boolean isPut(Object command) {
        return command.toString().contains("Put[");
    }

    public long length(byte[] bytes) {
        return bytes.length;
    }

    /** Turns one bit in the middle. */
    public void damage(byte[] bytes) {
        bytes[bytes.length / 2] ^= 4;
    }

    /** Calls a method with one argument after a while; what that does again is left alone. */
    public void later(Object target, String method, Object argument, int millis) {
        LATER.put(argument, true);
        CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS).execute(() -> call(target, method, argument));
    }

    /** Whether the argument has come by {@link #later}. */
    public boolean isLater(Object argument) {
        return LATER.containsKey(argument);
    }

    /** Rows of the table, up to so many, of pages that changed after the LSN and that might leave if they had not. */
    public List<Object> unshipped(Object evictions, Object table, int max, long lsn) {
        List<Object> found = new ArrayList<>();
        Consumer<Object> visitor = row -> {
            boolean isNew = (long) call(row, "pageLsn") > lsn;
            if (isNew && found.size() < max && (boolean) call(evictions, "mayLeave", row, Long.MAX_VALUE)) {
                found.add(row);
            }
        };
        call(table, "forEach", visitor);
        return found;
    }

    private static Object call(Object target, String name, Object... arguments) {
        for (Class<?> type = target.getClass(); type != null; type = type.getSuperclass()) {
            for (Method method : type.getDeclaredMethods()) {
                if (method.getName().equals(name) && method.getParameterCount() == arguments.length) {
                    try {
                        method.setAccessible(true);
                        return method.invoke(target, arguments);
                    } catch (IllegalAccessException | InvocationTargetException e) {
                        throw new IllegalStateException("the planted call of " + name + " failed", e);
                    }
                }
            }
        }
        throw new IllegalStateException(target.getClass() + " has no " + name);
    }
}

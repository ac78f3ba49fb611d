package io.tidemark.jepsen.plant;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
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

    private static void call(Object target, String name, Object argument) {
        for (Method method : target.getClass().getMethods()) {
            if (method.getName().equals(name) && method.getParameterCount() == 1) {
                try {
                    method.invoke(target, argument);
                } catch (IllegalAccessException | InvocationTargetException e) {
                    throw new IllegalStateException("the planted call of " + name + " failed", e);
                }
                return;
            }
        }
        throw new IllegalStateException(target.getClass() + " has no " + name);
    }
}

package io.tidemark.raft;

import io.tidemark.raft.run.RaftRun;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import org.apache.ratis.server.RaftServer;

/** What Ratis runs within a node, which the node shows nobody. */
final class Divisions {
    private Divisions() {}

    static RaftServer.Division of(RaftNode node) {
        try {
            Object current = field(field(node, "core"), "current");
            Method run = current.getClass().getDeclaredMethod("get");
            run.setAccessible(true);
            return ((RaftRun) run.invoke(current)).division();
        } catch (ReflectiveOperationException e) {
            throw new AssertionError("a node looks different within now", e);
        }
    }

    private static Object field(Object of, String name) throws ReflectiveOperationException {
        Field field = of.getClass().getDeclaredField(name);
        field.setAccessible(true);
        return field.get(of);
    }
}

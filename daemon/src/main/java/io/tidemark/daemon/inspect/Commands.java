package io.tidemark.daemon.inspect;

import io.tidemark.daemon.files.KeyDisplay;
import io.tidemark.engine.log.Command;
import io.tidemark.engine.log.Operation;
import io.tidemark.engine.log.Precondition;
import io.tidemark.engine.log.SessionRef;
import java.util.HexFormat;

/** A command of the log in words; values by their size. */
final class Commands {
    private Commands() {}

    static String describe(Command command) {
        SessionRef session = command.session();
        String who = session == null ? "" : " (session " + session.session() + ", request " + session.sequence() + ")";
        return describe(command.operation()) + who;
    }

    private static String describe(Operation operation) {
        if (operation instanceof Operation.Put put) {
            return "put " + put.keyspace() + " '" + KeyDisplay.show(put.key()) + "' = " + put.value().length + " bytes"
                    + condition(put.precondition());
        }
        if (operation instanceof Operation.Delete delete) {
            return "delete " + delete.keyspace() + " '" + KeyDisplay.show(delete.key()) + "'"
                    + condition(delete.precondition());
        }
        if (operation instanceof Operation.DeleteRange range) {
            return "delete range of " + range.keyspace() + " from " + bound(range.from(), "the first key")
                    + " to before " + bound(range.to(), "the end") + ", at most " + range.maxPages() + " pages";
        }
        if (operation instanceof Operation.AdvanceHighWater advance) {
            return "S3 has LSN " + advance.first() + " to " + advance.last() + " in " + advance.object() + ", "
                    + advance.bytes() + " bytes; redo chain " + HexFormat.of().toHexDigits(advance.redoChain());
        }
        if (operation instanceof Operation.CheckpointShipped shipped) {
            return "S3 has the pages at LSN " + shipped.lsn() + " (term " + shipped.term() + "), going on from "
                    + shipped.base() + ", in " + shipped.directory() + ", " + shipped.bytes() + " bytes; redo chain "
                    + HexFormat.of().toHexDigits(shipped.redoChain());
        }
        if (operation instanceof Operation.HistoryStarted started) {
            return "history " + started.history() + " starts"
                    + (started.parent().isEmpty() ? "" : ", forked from " + started.parent() + " at " + started.fork());
        }
        if (operation instanceof Operation.AllocateIncarnation allocate) {
            return "next incarnation of " + allocate.node();
        }
        if (operation instanceof Operation.ExpireSessions expire) {
            return "end sessions idle since " + expire.idleSinceMillis();
        }
        if (operation instanceof Operation.OfRetention) {
            return operation.toString();
        }
        return operation.getClass().getSimpleName();
    }

    private static String bound(byte[] key, String none) {
        return key == null ? none : "'" + KeyDisplay.show(key) + "'";
    }

    private static String condition(Precondition condition) {
        if (condition instanceof Precondition.VersionIs is) {
            return " if its version is " + is.version();
        }
        return condition instanceof Precondition.Absent ? " if absent" : "";
    }
}

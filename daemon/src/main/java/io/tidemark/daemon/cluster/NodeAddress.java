package io.tidemark.daemon.cluster;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import java.util.regex.Pattern;

/**
 * A node and where it listens.
 *
 * @param name 1 to 32 of letters, digits and {@code _}; also the name of its directory
 * @param http HOST:PORT of its HTTP port
 * @param raft HOST:PORT on which the other nodes reach it
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record NodeAddress(String name, String http, String raft) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_]{0,31}");

    public NodeAddress {
        if (name == null || !NAME.matcher(name).matches()) {
            throw new TidemarkException(
                    ErrorKind.INVALID,
                    "'" + name + "' is no name of a node: a letter, then up to 31 letters, digits or _");
        }
        HostPort.parse(http);
        HostPort.parse(raft);
    }
}

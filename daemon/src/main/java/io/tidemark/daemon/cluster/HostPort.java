package io.tidemark.daemon.cluster;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * An address as people write it: {@code host:port}, an IPv6 host in brackets.
 *
 * @param port 1 to 65535
 */
public record HostPort(String host, int port) {

    /** Reads HOST:PORT; {@code INVALID} names what was found instead. */
    public static HostPort parse(String text) {
        int colon = text == null ? -1 : text.lastIndexOf(':');
        if (colon <= 0) {
            throw invalid(text);
        }
        String host = text.substring(0, colon);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        if (host.isBlank() || (host.contains(":") && !bracketed) || host.contains("/")) {
            throw invalid(text);
        }
        try {
            int port = Integer.parseInt(text.substring(colon + 1));
            if (port < 1 || port > 65_535) {
                throw invalid(text);
            }
            return new HostPort(host, port);
        } catch (NumberFormatException e) {
            throw invalid(text);
        }
    }

    /** Reads HOST:PORT,HOST:PORT,... at least one. */
    public static List<HostPort> parseList(String text) {
        List<HostPort> all = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            all.add(parse(part.trim()));
        }
        return List.copyOf(all);
    }

    /** To bind or connect to; resolves the host now. */
    public InetSocketAddress socketAddress() {
        String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        return new InetSocketAddress(bare, port);
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }

    private static TidemarkException invalid(String text) {
        return new TidemarkException(
                ErrorKind.INVALID, "an address is HOST:PORT with a port of 1 to 65535, not '" + text + "'");
    }
}

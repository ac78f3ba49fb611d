package io.tidemark.raft.run;

import java.net.URI;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.function.UnaryOperator;
import org.apache.ratis.thirdparty.io.grpc.NameResolver;
import org.apache.ratis.thirdparty.io.grpc.NameResolverProvider;
import org.apache.ratis.thirdparty.io.grpc.NameResolverRegistry;

/**
 * Where a peer is now that the log knows under an earlier address. A node's directory may be started elsewhere, as the same
 * peer with the same vote; Raft's configuration, which is part of the log, keeps the address from before, and could not be
 * changed without a leader if it is the majority that has moved. So the name is looked up here first, whenever gRPC connects.
 *
 * <p>gRPC's registry belongs to the process, and so does this; several nodes of one process have books that know nothing of
 * each other's peers.
 */
public final class PeerAddresses {
    private static final Set<UnaryOperator<String>> BOOKS = new CopyOnWriteArraySet<>();

    static {
        NameResolverRegistry.getDefaultRegistry().register(new Provider());
    }

    private PeerAddresses() {}

    /** Ends the use of a book. */
    public interface Use extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Uses a book until it is closed.
     *
     * @param book the present {@code host:port} of an address, which is that address itself unless its node has moved; asked
     *     by many threads, at every attempt to connect
     */
    public static Use use(UnaryOperator<String> book) {
        BOOKS.add(book);
        return () -> BOOKS.remove(book);
    }

    static String now(String address) {
        for (UnaryOperator<String> book : BOOKS) {
            String now = book.apply(address);
            if (!now.equals(address)) {
                return now;
            }
        }
        return address;
    }

    /** Stands before the resolver of host names for every target without a scheme, which peers' addresses are. */
    private static final class Provider extends NameResolverProvider {
        private static final String SCHEME = "tidemark";
        private static final int ABOVE_DNS = 6;

        @Override
        protected boolean isAvailable() {
            return true;
        }

        @Override
        protected int priority() {
            return ABOVE_DNS;
        }

        @Override
        public String getDefaultScheme() {
            return SCHEME;
        }

        @Override
        public NameResolver newNameResolver(URI target, NameResolver.Args args) {
            return SCHEME.equals(target.getScheme())
                    ? new Resolver(target.getPath().substring(1), args)
                    : null;
        }
    }

    /** Looks the address up anew whenever a connection failed. Called by one thread at a time. */
    private static final class Resolver extends NameResolver {
        private final String address;
        private final NameResolver.Args args;
        private String target;
        private NameResolver hosts;
        private Listener2 listener;

        Resolver(String address, NameResolver.Args args) {
            this.address = address;
            this.args = args;
            open();
        }

        private void open() {
            target = now(address);
            hosts = NameResolverRegistry.getDefaultRegistry()
                    .getProviderForScheme("dns")
                    .newNameResolver(URI.create("dns:///" + target), args);
        }

        @Override
        public String getServiceAuthority() {
            return hosts.getServiceAuthority();
        }

        @Override
        public void start(Listener2 told) {
            listener = told;
            hosts.start(told);
        }

        @Override
        public void refresh() {
            if (target.equals(now(address))) {
                hosts.refresh();
            } else {
                hosts.shutdown();
                open();
                hosts.start(listener);
            }
        }

        @Override
        public void shutdown() {
            hosts.shutdown();
        }
    }
}

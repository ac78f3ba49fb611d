package io.tidemark.daemon.node;

import com.codahale.metrics.MetricRegistry;
import io.tidemark.daemon.cluster.AddressBook;
import io.tidemark.daemon.cluster.ClusterDirectory;
import io.tidemark.daemon.cluster.ClusterFile;
import io.tidemark.daemon.cluster.IdentityFile;
import io.tidemark.daemon.cluster.NodeAddress;
import io.tidemark.daemon.remote.NodeApi;
import io.tidemark.engine.StorageEngine;
import io.tidemark.engine.error.Halt;
import io.tidemark.raft.Member;
import io.tidemark.raft.NodeIdentity;
import io.tidemark.raft.NodeOptions;
import io.tidemark.raft.Shipping;
import io.tidemark.raft.run.PeerAddresses;
import io.tidemark.recovery.NewStore;
import io.tidemark.shipper.HighWaterProposer;
import io.tidemark.shipper.LogSource;
import io.tidemark.shipper.catalog.HistoryReader;
import io.tidemark.shipper.pack.PackedPages;
import io.tidemark.shipper.store.ObjectStore;
import io.tidemark.shipper.tier.TierWork;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.function.LongPredicate;
import java.util.function.UnaryOperator;

/** Puts a node together: engine, S3, Raft. */
final class NodeParts implements AutoCloseable {
    /** A read that waits for a page gives up sooner than the port would: it holds one of its threads. */
    private static final long COLD_DEADLINE_MILLIS = 4_000;

    private static final long COLD_ATTEMPT_MILLIS = 2_000;

    private final ClusterDirectory directory;
    private final NodeAddress self;
    private final NodeSettings settings;
    private final MetricRegistry metrics;
    private final NodeApi api;
    private final Halt halt;
    private final ObjectStore store;
    private final ObjectStore coldStore;
    private final NodeTiers tiers;
    private final AddressBook addresses;
    private final PeerAddresses.Use use;
    private final HistoryReader past;
    private volatile Shipping shipping;

    NodeParts(
            ClusterDirectory directory,
            ClusterFile cluster,
            NodeAddress self,
            Settings settings,
            MetricRegistry metrics,
            NodeApi api,
            Halt halt) {
        this.directory = directory;
        this.self = self;
        this.settings = new NodeSettings(settings);
        this.metrics = metrics;
        this.api = api;
        this.halt = halt;
        this.store = ObjectStores.open(cluster.s3(), settings, metrics);
        this.addresses = new AddressBook(directory.clusterFile(), cluster, System::nanoTime);
        this.use = PeerAddresses.use(addresses);
        this.tiers = NodeTiers.open(
                directory.segments(self.name()), store, cluster.history(), this.settings.tiers(), metrics);
        this.coldStore = ObjectStores.open(cluster.s3(), impatient(settings), metrics);
        this.past = new HistoryReader(coldStore);
    }

    NodeOptions options(IdentityFile identity) {
        NodeOptions standard = NodeOptions.of(
                        directory.node(self.name()),
                        identity(identity, self, addresses),
                        settings.engine(),
                        settings.limits(),
                        settings.shipper(),
                        tiers.store(),
                        new PackedPages(coldStore, System::nanoTime, () -> past.floor(identity.history())),
                        this::chainAt,
                        this::clockMillis,
                        metrics,
                        halt)
                .withBatch(settings.batch())
                .withFill(settings.fillBytesPerSecond())
                .withSessionIdle(settings.sessionIdle());
        return standard.withShipping(noted(standard.shipping()));
    }

    private static Settings impatient(Settings settings) {
        return settings.with(List.of(
                atMost(settings, Setting.S3_ATTEMPT_MILLIS, COLD_ATTEMPT_MILLIS),
                atMost(settings, Setting.S3_DEADLINE_MILLIS, COLD_DEADLINE_MILLIS)));
    }

    private static String atMost(Settings settings, Setting setting, long millis) {
        return setting.key() + "=" + Math.min(settings.get(setting), millis);
    }

    /** The same, but status can ask it for its last error. */
    private Shipping.Factory noted(Shipping.Factory factory) {
        return new Shipping.Factory() {
            @Override
            public Shipping open(
                    StorageEngine engine, LogSource log, HighWaterProposer proposer, LongPredicate agreed) {
                shipping = factory.open(engine, log, proposer, agreed);
                return shipping;
            }

            @Override
            public long load(NewStore place) {
                return factory.load(place);
            }
        };
    }

    /** Whether writes that do not say are answered once S3 has them. */
    boolean acknowledgesInS3() {
        return settings.acknowledgesInS3();
    }

    /** Where the tiers of segments are asked and changed; empty where they are off. */
    Optional<TierWork> tiers() {
        return tiers.work();
    }

    /** What S3 answered last when that was an error, else null. */
    String s3Error() {
        Shipping now = shipping;
        return now == null ? null : now.error();
    }

    /** The present address of one that the log, or another node, names. */
    String now(String address) {
        return addresses.apply(address);
    }

    /** The file in Raft's terms: a founder is one that is among its own peers, wherever they are now. */
    static NodeIdentity identity(IdentityFile file, NodeAddress self, UnaryOperator<String> addresses) {
        List<Member> peers = file.peers().stream()
                .map(p -> new Member(
                        Member.nameOf(p.id()),
                        Member.incarnationOf(p.id()),
                        addresses.apply(p.raft()),
                        addresses.apply(p.http())))
                .toList();
        Member me = new Member(file.node(), file.incarnation(), self.raft(), self.http());
        return new NodeIdentity(
                file.cluster(),
                file.history(),
                UUID.fromString(file.group()),
                me,
                peers.contains(me) ? peers : List.of());
    }

    private OptionalLong chainAt(String http, long lsn) {
        try {
            NodeApi.Answer answer = api.get(now(http), "/v1/chain?lsn=" + lsn).join();
            String chain = answer.body().path("chain").asText(null);
            return answer.isOk() && chain != null
                    ? OptionalLong.of(Long.parseUnsignedLong(chain, 16))
                    : OptionalLong.empty();
        } catch (CompletionException | NumberFormatException e) {
            return OptionalLong.empty(); // whoever does not answer cannot be compared
        }
    }

    @Override
    public void close() {
        tiers.close();
        use.close();
        store.close();
        coldStore.close();
    }

    private OptionalLong clockMillis(String http) {
        try {
            NodeApi.Answer answer = api.get(now(http), "/v1/status").join();
            long millis = answer.body().path("clockMillis").asLong(-1);
            return answer.isOk() && millis >= 0 ? OptionalLong.of(millis) : OptionalLong.empty();
        } catch (CompletionException e) {
            return OptionalLong.empty(); // whoever does not answer is not heard
        }
    }
}

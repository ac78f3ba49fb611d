package io.tidemark.jepsen;

import io.tidemark.jepsen.checker.AcknowledgedWrites;
import io.tidemark.jepsen.checker.Limits;
import io.tidemark.jepsen.checker.Operation;
import io.tidemark.jepsen.checker.RegisterChecker;
import io.tidemark.jepsen.checker.Verdict;
import io.tidemark.jepsen.checker.VersionOrder;
import io.tidemark.jepsen.cluster.Cluster;
import io.tidemark.jepsen.cluster.CommandLine;
import io.tidemark.jepsen.cluster.Distribution;
import io.tidemark.jepsen.cluster.Trees;
import io.tidemark.jepsen.cluster.TrialStore;
import io.tidemark.jepsen.cluster.Waiting;
import io.tidemark.jepsen.fault.ObjectStoreProxy;
import io.tidemark.jepsen.history.Header;
import io.tidemark.jepsen.history.Recorder;
import io.tidemark.jepsen.nemesis.Nemesis;
import io.tidemark.jepsen.nemesis.NodeNemesis;
import io.tidemark.jepsen.nemesis.NodeNemesis.Blow;
import io.tidemark.jepsen.nemesis.Siege;
import io.tidemark.jepsen.nemesis.StoreNemesis;
import io.tidemark.jepsen.workload.ChainWorkload;
import io.tidemark.jepsen.workload.ClientRegisters;
import io.tidemark.jepsen.workload.RegisterWorkload;
import io.tidemark.jepsen.workload.Registers;
import io.tidemark.jepsen.workload.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Rounds of load under every nemesis, for hours if wanted: each round has its own cluster, histories and judgement. Stops
 * at the first round that fails and leaves its evidence.
 */
public final class Campaign {

    private final CampaignOptions options;

    private Campaign(CampaignOptions options) {
        this.options = options;
    }

    /** Runs; exit code 0 = nothing found, 1 = something found, 2 = wrong usage. */
    public static void main(String[] arguments) throws IOException {
        CampaignOptions options;
        try {
            options = CampaignOptions.parse(arguments);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.err.println(CampaignOptions.HELP);
            System.exit(2);
            return;
        }
        if (options.help()) {
            System.out.println(CampaignOptions.HELP);
            return;
        }
        try {
            new Campaign(options).run();
        } catch (AssertionError e) {
            e.printStackTrace();
            System.err.println("Evidence: " + options.evidence());
            System.exit(1);
        }
    }

    private void run() throws IOException {
        long end = System.nanoTime() + options.time().toNanos();
        for (int round = 0; System.nanoTime() - end < 0; round++) {
            Path directory = Files.createTempDirectory("tidemark-campaign-");
            long seed = options.seed() + round;
            System.out.printf("round %d, seed %d, %s%n", round, seed, directory);
            try (Round battle = new Round(directory, seed)) {
                battle.fight();
            }
            Trees.remove(directory);
        }
    }

    /** One cluster, its loads and its siege. */
    private final class Round implements AutoCloseable {
        private final Random random;
        private final TrialStore store;
        private final ObjectStoreProxy proxy;
        private final Cluster cluster;
        private final Recorder registers = Recorder.inMemory(Header.of("register"), System::nanoTime);
        private final Recorder chains = Recorder.inMemory(Header.of("chain"), System::nanoTime);

        Round(Path directory, long seed) {
            random = new Random(seed);
            CommandLine commands = new CommandLine(
                    Distribution.find(), directory, directory.resolve("commands"), TrialStore.credentials());
            store = TrialStore.start(commands, directory.resolve("store"));
            proxy = ObjectStoreProxy.before(store.port(), seed);
            cluster = Cluster.up(
                    directory.resolve("cluster"),
                    commands,
                    store.data(),
                    "--s3",
                    "s3://" + TrialStore.BUCKET + "/campaign",
                    "--s3-endpoint",
                    proxy.endpoint());
        }

        void fight() throws IOException {
            try {
                load();
                judge();
            } catch (AssertionError e) {
                cluster.collect(options.evidence());
                registers.history().writeTo(options.evidence().resolve("registers.jsonl"));
                chains.history().writeTo(options.evidence().resolve("chains.jsonl"));
                throw e;
            }
        }

        private void load() {
            Registers.Opener opener = ClientRegisters.on(cluster.endpoints(), Duration.ofSeconds(20));
            List<Workload> loads = List.of(
                    new RegisterWorkload(registers, opener), new ChainWorkload(chains, opener, "chain/", 1_000));
            loads.forEach(load -> load.begin(options.processes(), random.nextLong()));
            Siege siege = Siege.begin(chains, nemeses(), Duration.ofSeconds(4), Duration.ofSeconds(2));
            for (long left = options.round().toSeconds(); left > 0; left--) {
                Waiting.pause(Duration.ofSeconds(1));
                cluster.watch().check();
            }
            siege.lift();
            loads.forEach(Workload::stop);
            System.out.printf("  %d strikes%n", siege.strikes());
        }

        private List<Nemesis> nemeses() {
            List<Nemesis> nemeses = new ArrayList<>();
            for (String name : options.nemeses()) {
                nemeses.add(
                        name.equals("s3")
                                ? new StoreNemesis(proxy, random)
                                : new NodeNemesis(cluster, Blow.valueOf(name.toUpperCase(Locale.ROOT)), random));
            }
            return nemeses;
        }

        private void judge() {
            cluster.awaitAllReady();
            cluster.awaitRest();
            cluster.watch().check();
            cluster.verify();
            List<Operation> chained = Operation.of(chains.history());
            List<String> violations = new ArrayList<>(
                    AcknowledgedWrites.violations(chained, ClientRegisters.rows(cluster.endpoints(), "chain/")));
            VersionOrder.violation(chained).ifPresent(violations::add);
            Verdict verdict = new RegisterChecker().check(registers.history(), Limits.standard());
            if (!verdict.valid()) {
                violations.add(verdict.message());
            }
            if (!violations.isEmpty()) {
                throw new AssertionError(String.join("\n", violations));
            }
            System.out.printf(
                    Locale.ROOT,
                    "  %d register operations (%.1f %% unclear), %d chained (%.1f %% unclear): %s%n",
                    registers.counts().invoked(),
                    100 * registers.counts().infoShare(),
                    chained.size(),
                    100 * chains.counts().infoShare(),
                    verdict.message());
        }

        @Override
        public void close() {
            cluster.close();
            proxy.close();
            store.close();
        }
    }
}

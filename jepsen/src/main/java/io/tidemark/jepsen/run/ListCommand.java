package io.tidemark.jepsen.run;

import io.tidemark.jepsen.nemesis.Catalogue;
import io.tidemark.jepsen.plant.PlantedFault;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code list}. */
@Command(name = "list", description = "Lists workloads, nemeses and bugs to plant, and the nemeses that there are not.")
public final class ListCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        out.println("Workloads:");
        Workloads.all().forEach((name, entry) -> line(out, name, entry.words()));
        for (Catalogue.Front front : Catalogue.Front.values()) {
            out.printf("%nNemeses on the front %s:%n", front.name().toLowerCase(Locale.ROOT));
            Catalogue.all().stream().filter(e -> e.front() == front).forEach(e -> line(out, e.name(), e.words()));
        }
        out.printf("%nBugs to plant:%n");
        for (PlantedFault fault : PlantedFault.values()) {
            line(out, fault.option(), fault.what());
        }
        out.printf("%nNot there:%n");
        Catalogue.MISSING.forEach((name, why) -> line(out, name, why));
        out.flush();
        return ExitCode.OK;
    }

    private static void line(PrintWriter out, String name, String words) {
        out.printf("  %-24s %s%n", name, words);
    }
}

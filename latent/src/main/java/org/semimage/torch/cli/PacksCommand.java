// SPDX-License-Identifier: Apache-2.0
package org.semimage.torch.cli;

import org.semimage.cli.Sem;
import org.semimage.cli.Subcommand;
import org.semimage.container.ModelRef;
import org.semimage.torch.pack.PackFolder.Installed;
import org.semimage.torch.pack.PackFolder;
import org.semimage.torch.pack.PackSummary;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** {@code sem packs}: the packs of latent networks that are installed. */
@Command(name = "packs", description = "Lists, adds and checks packs of latent networks.", mixinStandardHelpOptions = true,
        versionProvider = Sem.Version.class, synopsisSubcommandLabel = "COMMAND",
        footer = "Packs are in ~/.semimage/models, or where -Dorg.semimage.models=DIR (in SEM_OPTS) says.")
public final class PacksCommand implements Subcommand {

    private static final double MEGABYTE = 1e6;

    @Spec
    private CommandSpec spec;

    /** Refuses to be called without one of the commands below. */
    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "Missing required subcommand");
    }

    @Command(name = "list", description = "Lists the installed packs.", mixinStandardHelpOptions = true)
    int list() throws IOException {
        PackFolder packs = PackFolder.configured();
        PrintWriter out = out();
        for (Installed pack : packs.list()) {
            out.println(pack.problem().map(problem -> pack.id() + "  unusable: " + problem)
                    .orElseGet(() -> String.format(Locale.ROOT, "%s  %s  %.1f MB",
                    pack.id(), pack.ref().map(ModelRef::toString).orElse(""), pack.bytes() / MEGABYTE)));
        }
        if (packs.list().isEmpty()) {
            out.println("no packs in " + packs.path());
        }
        out.flush();
        return 0;
    }

    @Command(name = "add",
            description = "Checks a pack and copies it to the installed ones. One that lies there already gets its manifest in place.",
            mixinStandardHelpOptions = true)
    int add(
            @Parameters(paramLabel = "DIR", description = "A folder as diffusers writes it, or with the files of a tiny autoencoder.")
            Path folder,
            @Option(names = "--id", paramLabel = "ID", description = "Its name here; the folder's name unless given.")
            String id) throws IOException {
        Path name = folder.toAbsolutePath().normalize().getFileName();
        if (id == null && name == null) {
            throw new ParameterException(spec.commandLine(), folder + " has no name: --id gives the pack one");
        }
        Installed added = PackFolder.configured().add(folder, id != null ? id : name.toString());
        out().println(added.id() + "  " + added.ref().map(ModelRef::toString).orElse("") + "  in " + added.folder());
        out().flush();
        return 0;
    }

    @Command(name = "info", description = "Says what a pack holds, without loading it.", mixinStandardHelpOptions = true)
    int info(@Parameters(paramLabel = "ID", description = "The pack's name.") String id) throws IOException {
        PackFolder packs = PackFolder.configured();
        Installed pack = packs.find(id);
        PackSummary summary = packs.summary(pack);
        PrintWriter out = out();
        out.println("pack      " + pack.id());
        out.println("name      " + pack.ref().map(ModelRef::toString).orElse(""));
        out.println("folder    " + pack.folder());
        out.println(String.format(Locale.ROOT, "bytes     %d", pack.bytes()));
        out.println("licence   " + pack.licence().orElse("not stated"));
        for (PackSummary.Network network : summary.networks()) {
            out.println(String.format(Locale.ROOT, "network   %s, %d parameters in %s", network.kind(),
                    network.parameters(), network.types()));
        }
        out.println("schedule  " + summary.schedule().orElse("none"));
        out.println("tokenizer " + (summary.tokenizer() ? "yes" : "none"));
        out.flush();
        return 0;
    }

    @Command(name = "verify", description = "Reads packs whole and compares them with their manifests; all packs unless some are named.",
            mixinStandardHelpOptions = true)
    int verify(@Parameters(paramLabel = "ID", arity = "0..*", description = "Names of packs.") List<String> ids) throws IOException {
        PackFolder packs = PackFolder.configured();
        List<Installed> chosen = new ArrayList<>();
        if (ids == null || ids.isEmpty()) {
            chosen.addAll(packs.list());
        } else {
            for (String id : ids) {
                chosen.add(packs.find(id));
            }
        }
        int status = 0;
        for (Installed pack : chosen) {
            String fault = fault(packs, pack);
            out().println(pack.id() + "  " + (fault.isEmpty() ? "as its manifest says" : fault));
            status = fault.isEmpty() ? status : CommandLine.ExitCode.SOFTWARE;
        }
        out().flush();
        return status;
    }

    private static String fault(PackFolder packs, Installed pack) {
        if (pack.problem().isPresent()) {
            return pack.problem().get();
        }
        try {
            List<String> wrong = packs.verify(pack);
            return wrong.isEmpty() ? "" : "missing or changed: " + String.join(", ", wrong);
        } catch (IOException e) {
            return e.getMessage();
        }
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}

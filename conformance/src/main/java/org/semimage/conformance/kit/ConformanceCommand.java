// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.kit;

import org.semimage.cli.Replacement;
import org.semimage.cli.Sem;
import org.semimage.cli.Subcommand;
import org.semimage.compute.backend.Backends;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code sem conformance}: holds a decoder to the conformance vectors. */
@Command(name = "conformance", mixinStandardHelpOptions = true, versionProvider = Sem.Version.class,
        description = "Holds a decoder to the conformance vectors: this library, or any command.",
        footer = {"", "Status 0: all vectors pass. 1: some fail, or requirements have no vector. 2: the command line is wrong."})
public final class ConformanceCommand implements Subcommand {

    @Option(names = "--vectors", paramLabel = "DIR", defaultValue = "conformance/vectors",
            description = "The folder with the vectors (default: ${DEFAULT-VALUE}).")
    private Path folder;

    @Option(names = "--decoder", paramLabel = "COMMAND",
            description = "A decoder in place of this library: a command with {in} for the file, {out.png} for the picture that it writes, "
                    + "and perhaps {out.json} for what else it says. Status 0 says decoded, 1 to 127 refused.")
    private String command;

    @Option(names = "--results", paramLabel = "DIR",
            description = "A decoder in place of this library: what it made of all vectors beforehand. For each NAME.status, and NAME.png, "
                    + "NAME.json as for --decoder.")
    private Path results;

    @Option(names = "--limit", paramLabel = "SECONDS", defaultValue = "60",
            description = "The longest that a vector may take (default: ${DEFAULT-VALUE}).")
    private int limit;

    @Option(names = "--only", paramLabel = "TEXT", description = "Only vectors whose names contain this.")
    private String only = "";

    @Option(names = "--junit", paramLabel = "FILE", description = "Write the report as JUnit's XML too, replaced if it exists.")
    private Path junit;

    @Option(names = "--each", description = "Print what passes too, not only what fails.")
    private boolean each;

    @Option(names = "--coverage", description = "Print which vectors show which requirement, and run none.")
    private boolean coverage;

    @Option(names = "--make", description = "Make all vectors anew, in place of those in the folder, and run none.")
    private boolean make;

    @Option(names = "--compare", description = "Make all vectors anew, tell which differ from those in the folder, and run none.")
    private boolean compare;

    @Spec
    private CommandSpec spec;

    /**
     * The command by itself, as {@code sem conformance}.
     *
     * @param args its options
     */
    public static void main(String[] args) {
        System.exit(new CommandLine(new ConformanceCommand()).execute(args));
    }

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        if (limit < 1) {
            throw new ParameterException(spec.commandLine(), "--limit must be 1 or more");
        }
        if ((make || compare) && System.getProperty(Backends.PROPERTY) == null) {
            System.setProperty(Backends.PROPERTY, "java"); // the encoder's floating point is the same everywhere in Java alone
        }
        if (make) {
            out.println(new VectorMaker(folder).make() + " vectors in " + folder);
            out.flush();
            return 0;
        }
        if (compare) {
            List<String> different = new VectorMaker(folder).differences();
            different.forEach(out::println);
            out.println(different.isEmpty() ? "all as made" : different.size() + " files differ from what is made");
            out.flush();
            return different.isEmpty() ? 0 : 1;
        }
        Vectors vectors = Vectors.load(folder);
        if (coverage) {
            return Report.printCoverage(vectors, out) == 0 ? 0 : 1;
        }
        Report report = run(vectors, decoder());
        report.print(out, each);
        if (junit != null) {
            try (Replacement replacement = new Replacement(junit)) {
                Files.writeString(replacement.part(), report.junit());
                replacement.commit();
            }
        }
        return report.failed() == 0 && !report.results().isEmpty() ? 0 : 1;
    }

    private TestedDecoder decoder() {
        if (results != null && command != null) {
            throw new ParameterException(spec.commandLine(), "--decoder and --results are one too many");
        }
        if (results != null) {
            return new ResultsFolder(results);
        }
        try {
            return command == null ? new LibraryDecoder() : new CommandDecoder(command);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--decoder: " + e.getMessage());
        }
    }

    private Report run(Vectors vectors, TestedDecoder decoder) throws IOException {
        List<Report.Result> results = new ArrayList<>();
        for (Map.Entry<String, Due> vector : vectors.due().entrySet()) {
            if (vector.getKey().contains(only)) {
                long start = System.nanoTime();
                Outcome outcome = decoder.decode(vectors.file(vector.getKey()), Duration.ofSeconds(limit));
                double seconds = (System.nanoTime() - start) / 1e9;
                results.add(new Report.Result(vector.getKey(), Judge.faults(vectors.folder(), vector.getValue(), outcome), seconds));
            }
        }
        return new Report(vectors, decoder.name(), results);
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.semimage.serve.cli;

import org.semimage.cli.Sem;
import org.semimage.cli.Subcommand;
import org.semimage.serve.PictureServer;
import org.semimage.serve.ServeOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** {@code sem serve}: serves pictures and thumbnails of a folder over HTTP until it is asked to end. */
@Command(name = "serve", description = "Serves the pictures of a folder over HTTP, with thumbnails, until a signal ends it.",
        mixinStandardHelpOptions = true, versionProvider = Sem.Version.class,
        footer = "/ shows the folder, /view/NAME compares what is left of a picture, /pictures/NAME is a file, ?width=W makes a thumbnail, "
                + "?bytes=N cuts a SEM file; /health, /metrics.")
public final class ServeCommand implements Subcommand {

    @Option(names = "--dir", paramLabel = "DIR", required = true, description = "The folder. What lies outside it is not served.")
    private Path folder;

    @Option(names = "--port", paramLabel = "P", defaultValue = "8080", description = "Default: ${DEFAULT-VALUE}; 0 for one that is free.")
    private int port;

    @Option(names = "--host", paramLabel = "ADDRESS", defaultValue = "127.0.0.1",
            description = "The address to listen at (default: ${DEFAULT-VALUE}); 0.0.0.0 for all.")
    private String host;

    @Option(names = "--decodings", paramLabel = "K", description = "Pictures that are decoded at once (default: one a processor).")
    private Integer decodings;

    @Option(names = "--waiting", paramLabel = "Q", defaultValue = "64",
            description = "Requests that may wait for a decoding (default: ${DEFAULT-VALUE}); more get 503.")
    private int waiting;

    @Option(names = "--timeout", paramLabel = "SECONDS", defaultValue = "30",
            description = "How long a request may wait and be decoded (default: ${DEFAULT-VALUE}); then it gets 503.")
    private int timeout;

    @Option(names = "--stop-timeout", paramLabel = "SECONDS", defaultValue = "20",
            description = "How long requests may finish after a signal (default: ${DEFAULT-VALUE}).")
    private int stopTimeout;

    @Option(names = "--max-width", paramLabel = "W", defaultValue = "4096",
            description = "The widest thumbnail (default: ${DEFAULT-VALUE}).")
    private int maxWidth;

    @Option(names = "--max-age", paramLabel = "SECONDS", defaultValue = "3600",
            description = "How long clients may keep pictures without asking (default: ${DEFAULT-VALUE}).")
    private int maxAge;

    @Option(names = "--upload", description = "Take pictures of clients at /upload, and show them in all profiles. They are kept in "
            + "memory for ten minutes, 16 at once.")
    private boolean upload;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        PictureServer server = PictureServer.start(options());
        Runtime.getRuntime().addShutdownHook(new Thread(server::close, "sem-stop"));
        spec.commandLine().getOut().println("serving " + folder + " at " + server.address());
        spec.commandLine().getOut().flush();
        server.join();
        return 0;
    }

    private ServeOptions options() {
        try {
            int atOnce = decodings != null ? decodings : ServeOptions.Limits.DEFAULT.decodings();
            return new ServeOptions(folder, host, port, Duration.ofSeconds(maxAge), new ServeOptions.Limits(atOnce, waiting,
                    Duration.ofSeconds(timeout), Duration.ofSeconds(stopTimeout), maxWidth),
                    upload ? ServeOptions.Uploads.DEFAULT : ServeOptions.Uploads.NONE);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }
}

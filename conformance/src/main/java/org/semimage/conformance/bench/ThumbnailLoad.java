// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.bench;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Clients of {@code sem serve} that each ask for a thumbnail as soon as they have the one before, and what they and the server say of it.
 *
 * <p>Arguments: the server's address, the folder that it serves, clients, seconds, the share of requests for damaged files, the server's
 * process. The folder holds pictures alone; damaged copies of them are made in it.
 */
public final class ThumbnailLoad {

    private static final String DAMAGED = "damaged-";
    private static final int WIDTH = 128;
    private static final int UNPROCESSABLE = 422;
    private static final int OK = 200;

    /** An answer. */
    private record Taken(int status, boolean damaged, double millis) {

        /** Whether it is none of those that a server may give: a busy one is excused. */
        boolean isWrong() {
            return status != (damaged ? UNPROCESSABLE : OK) && status != 503;
        }
    }

    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI address;
    private final List<String> whole;
    private final double damagedShare;

    private ThumbnailLoad(URI address, List<String> whole, double damagedShare) {
        this.address = address;
        this.whole = whole;
        this.damagedShare = damagedShare;
    }

    /** Runs it. */
    public static void main(String[] arguments) throws IOException, InterruptedException, ExecutionException {
        Arguments.require(6, arguments, "ThumbnailLoad ADDRESS FOLDER CLIENTS SECONDS DAMAGED_SHARE PROCESS");
        List<String> whole = damagedBeside(Path.of(arguments[1]));
        new ThumbnailLoad(URI.create(arguments[0]), whole, Double.parseDouble(arguments[4]))
                .run(Integer.parseInt(arguments[2]), Integer.parseInt(arguments[3]), Path.of("/proc", arguments[5], "status"));
    }

    /** The names of the files that are whole, each of which has a damaged one beside it. */
    private static List<String> damagedBeside(Path folder) throws IOException {
        List<String> names = new ArrayList<>();
        try (var files = Files.list(folder)) {
            files.map(file -> file.getFileName().toString()).filter(name -> !name.startsWith(DAMAGED)).sorted()
                    .forEach(names::add);
        }
        for (String name : names) {
            byte[] bytes = Files.readAllBytes(folder.resolve(name));
            bytes[bytes.length / 2] ^= 1;
            Files.write(folder.resolve(DAMAGED + name), bytes);
        }
        return names;
    }

    private void run(int clients, int seconds, Path process) throws IOException, InterruptedException, ExecutionException {
        // One of each before the clock runs: the server loads its model.
        for (String name : whole) {
            ask(name, false);
        }
        long end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
        ExecutorService pool = Executors.newFixedThreadPool(clients);
        List<Future<List<Taken>>> running = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            Random random = new Random(i);
            running.add(pool.submit(() -> askUntil(end, random)));
        }
        pool.shutdown();
        watch(pool, process);
        List<Taken> all = new ArrayList<>();
        for (Future<List<Taken>> one : running) {
            all.addAll(one.get());
        }
        report(clients, seconds, all);
    }

    /** Says every minute, and at the end, what memory the server has. */
    private static void watch(ExecutorService pool, Path process) throws IOException, InterruptedException {
        boolean ended = false;
        for (int minute = 1; !ended; minute++) {
            ended = pool.awaitTermination(1, TimeUnit.MINUTES);
            String memory = Files.readAllLines(process).stream().filter(line -> line.startsWith("VmRSS:") || line.startsWith("VmHWM:"))
                    .map(line -> line.replaceAll("\\s+", " ")).collect(Collectors.joining(", "));
            System.out.println("the server " + (ended ? "at the end: " : "after " + minute + " min: ") + memory);
        }
    }

    private List<Taken> askUntil(long end, Random random) throws IOException, InterruptedException {
        List<Taken> taken = new ArrayList<>();
        while (System.nanoTime() < end) {
            Taken last = ask(whole.get(random.nextInt(whole.size())), random.nextDouble() < damagedShare);
            taken.add(last);
            if (last.status == 503) {
                Thread.sleep(1000);
            }
        }
        return taken;
    }

    private Taken ask(String name, boolean damaged) throws IOException, InterruptedException {
        String path = "pictures/" + URLEncoder.encode((damaged ? DAMAGED : "") + name, StandardCharsets.UTF_8).replace("+", "%20");
        long begin = System.nanoTime();
        HttpResponse<byte[]> answer = client.send(HttpRequest.newBuilder(address.resolve(path + "?width=" + WIDTH)).build(),
                HttpResponse.BodyHandlers.ofByteArray());
        return new Taken(answer.statusCode(), damaged, (System.nanoTime() - begin) / 1e6);
    }

    private void report(int clients, int seconds, List<Taken> all) {
        Map<Integer, Long> statuses = new TreeMap<>();
        Map<Integer, Long> ofDamaged = new TreeMap<>();
        all.forEach(taken -> (taken.damaged ? ofDamaged : statuses).merge(taken.status, 1L, Long::sum));
        double[] good = all.stream().filter(taken -> taken.status == OK).mapToDouble(Taken::millis).sorted().toArray();
        System.out.printf(Locale.ROOT, "%d clients, %d s, %.0f %% damaged: %.1f requests a second, %.1f thumbnails a second%n",
                clients, seconds, 100 * damagedShare, (double) all.size() / seconds, (double) good.length / seconds);
        System.out.printf(Locale.ROOT, "thumbnails: p50 %.0f ms, p99 %.0f ms, slowest %.0f ms%n",
                at(good, 0.5), at(good, 0.99), at(good, 1));
        System.out.println("statuses: " + statuses + ", of damaged files: " + ofDamaged + ", wrong ones: "
                + all.stream().filter(Taken::isWrong).count());
    }

    private static double at(double[] sorted, double share) {
        return sorted.length == 0 ? Double.NaN : sorted[(int) Math.ceil(share * sorted.length) - 1];
    }
}

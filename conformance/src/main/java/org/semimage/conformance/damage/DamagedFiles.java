// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.damage;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import javax.imageio.IIOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/**
 * Damages files of every profile and reads them: with bits flipped and cut off, as accidents leave them, and with checksums made right
 * behind the damage, so that it gets through to the decoders. The same seed damages in the same way.
 *
 * <p>Time is exact with one processor alone: {@code -XX:ActiveProcessorCount=1}.
 */
@Command(name = "damaged-files", mixinStandardHelpOptions = true,
        description = "Reads damaged files of every profile, and says how it went.",
        footer = {"", "Status 0: all ended as they should. 1: some did not. 2: the command line is wrong."})
public final class DamagedFiles implements Callable<Integer> {

    /** A damaged file may take so many times the time and memory of the whole one, for each pixel if it has more of them. */
    private static final double MOST = 2;

    private static final int WARM_UP = 60;
    private static final int BASELINE = 31;

    /** What would be the worst so far is done so often again, in turn with the sound file: the machine compiles meanwhile. */
    private static final int AGAIN = 9;

    @Option(names = "--flips", defaultValue = "100000", description = "How many files with a flipped bit (default: ${DEFAULT-VALUE}).")
    private int flips;

    @Option(names = "--cuts", defaultValue = "20000", description = "How many files cut off (default: ${DEFAULT-VALUE}).")
    private int cuts;

    @Option(names = "--forged", defaultValue = "20000", description = "How many files with flipped bits or cut payloads whose checksums "
            + "are right, of each (default: ${DEFAULT-VALUE}).")
    private int forged;

    @Option(names = "--seed", defaultValue = "1", description = "What the damage is drawn from (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--vectors", defaultValue = "conformance/vectors", description = "The conformance vectors' folder, whose files are "
            + "damaged (default: ${DEFAULT-VALUE}).")
    private Path vectors;

    @Spec
    private CommandSpec spec;

    /** How reading ended. */
    private enum Ending { PICTURE, WARNED, REFUSED, FAULT }

    /**
     * What came of bytes.
     *
     * @param pixels of the picture; 0 without one
     * @param what   is to be said of a fault
     */
    private record Outcome(Ending ending, long pixels, String what) {
    }

    /** A damaged specimen that did not end as it should. */
    private record Fault(Specimen specimen, Damage damage, int number, String what) {
    }

    /** How a specimen fared under a kind of damage. */
    private static final class Row {

        private final int[] endings = new int[Ending.values().length];
        private double time;
        private double memory;

        int of(Ending ending) {
            return endings[ending.ordinal()];
        }

        /** Whether a reading took more than the sound file's, and more than any before. */
        boolean isWorst(Effort effort, Effort sound) {
            return effort.nanos() > Math.max(1, time) * sound.nanos() || effort.bytes() > Math.max(1, memory) * sound.bytes();
        }

        void add(Ending ending, Effort effort, Effort sound) {
            endings[ending.ordinal()]++;
            time = Math.max(time, (double) effort.nanos() / sound.nanos());
            memory = Math.max(memory, (double) effort.bytes() / sound.bytes());
        }
    }

    private final List<Fault> faults = new ArrayList<>();

    /**
     * Runs by itself.
     *
     * @param args the options
     */
    public static void main(String[] args) {
        System.exit(new CommandLine(new DamagedFiles()).execute(args));
    }

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        List<Specimen> specimens = Specimen.all(vectors);
        for (Specimen specimen : specimens) {
            baseline(specimen, WARM_UP);
        }
        for (Damage damage : Damage.values()) {
            List<Specimen> damaged = specimens.stream().filter(damage::fits).toList();
            int count = damage == Damage.FLIP ? flips : damage == Damage.CUT ? cuts : forged;
            out.printf("%n%s: %d files%n%n", damage.title(), count);
            out.println("| file | damaged | picture | picture, warned | refused | most time | most memory |");
            out.println("|---|---|---|---|---|---|---|");
            for (int i = 0; i < damaged.size(); i++) {
                int share = count / damaged.size() + (i < count % damaged.size() ? 1 : 0);
                print(out, damaged.get(i).name(), share, row(damaged.get(i), damage, share));
            }
        }
        out.println();
        for (Fault fault : faults) {
            out.printf("FAULT  %s, %s, number %d: %s%n", fault.specimen.name(), fault.damage.title(), fault.number, fault.what);
        }
        out.println(faults.isEmpty() ? "all ended as they should" : faults.size() + " did not end as they should");
        out.flush();
        return faults.isEmpty() ? 0 : 1;
    }

    private static void print(PrintWriter out, String name, int count, Row row) {
        out.printf(Locale.ROOT, "| %s | %d | %d | %d | %d | %.2f | %.2f |%n", name, count, row.of(Ending.PICTURE), row.of(Ending.WARNED),
                row.of(Ending.REFUSED), row.time, row.memory);
        out.flush();
    }

    private Row row(Specimen specimen, Damage damage, int count) {
        Row row = new Row();
        Effort whole = baseline(specimen, BASELINE);
        long pixels = read(specimen, specimen.bytes()).pixels;
        for (int i = 0; i < count; i++) {
            byte[] bytes = damage.of(specimen, random(specimen, damage, i));
            Outcome[] outcome = new Outcome[1];
            Effort effort = Effort.of(() -> outcome[0] = read(specimen, bytes));
            // Of descriptors that are cut off, no checksum is left: a size that a flip made larger is believed, with a warning.
            double larger = Math.max(1, (double) outcome[0].pixels / pixels);
            Effort sound = whole.times(larger);
            for (int again = 0; again < AGAIN && row.isWorst(effort, sound); again++) {
                Effort next = baseline(specimen, 1).times(larger);
                sound = again == 0 ? next : sound.least(next);
                effort = effort.least(Effort.of(() -> read(specimen, bytes)));
            }
            row.add(outcome[0].ending, effort, sound);
            judge(new Fault(specimen, damage, i, outcome[0].what), outcome[0].ending, effort, sound);
        }
        return row;
    }

    /** Each damage has numbers of its own, so that one can be made again by itself. */
    private Random random(Specimen specimen, Damage damage, int number) {
        return new Random(seed * 1_000_003 + specimen.name().hashCode() * 31L + damage.ordinal() * 7_919L + number * 104_729L);
    }

    private static boolean exceeds(Effort effort, Effort whole) {
        return effort.nanos() > MOST * whole.nanos() || effort.bytes() > MOST * whole.bytes();
    }

    private void judge(Fault fault, Ending ending, Effort effort, Effort whole) {
        if (ending == Ending.FAULT) {
            faults.add(fault);
        } else if (ending == Ending.PICTURE && fault.damage.isTold()) {
            faults.add(new Fault(fault.specimen, fault.damage, fault.number, "a picture without a warning"));
        }
        if (exceeds(effort, whole)) {
            faults.add(new Fault(fault.specimen, fault.damage, fault.number, String.format(Locale.ROOT,
                    "%.3f ms where the whole takes %.3f, %d bytes where it takes %d",
                    effort.nanos() / 1e6, whole.nanos() / 1e6, effort.bytes(), whole.bytes())));
        }
    }

    private static Outcome read(Specimen specimen, byte[] bytes) {
        try {
            Specimen.Shown shown = specimen.reading().read(bytes);
            return new Outcome(shown.warned() ? Ending.WARNED : Ending.PICTURE, shown.pixels(), "");
        } catch (IIOException refused) {
            return new Outcome(Ending.REFUSED, 0, "");
        } catch (Exception | Error e) {
            return new Outcome(Ending.FAULT, 0, Stream.concat(Stream.of(e.toString()), Arrays.stream(e.getStackTrace()).limit(3)
                    .map(String::valueOf)).toList().toString());
        }
    }

    /** What the sound file takes: the middle one of some readings. */
    private static Effort baseline(Specimen specimen, int times) {
        long[] nanos = new long[times];
        long[] bytes = new long[times];
        for (int i = 0; i < times; i++) {
            Effort effort = Effort.of(() -> {
                if (read(specimen, specimen.bytes()).ending != Ending.PICTURE) {
                    throw new IllegalStateException("the sound file '" + specimen.name() + "' is not read");
                }
            });
            nanos[i] = effort.nanos();
            bytes[i] = effort.bytes();
        }
        Arrays.sort(nanos);
        Arrays.sort(bytes);
        return new Effort(nanos[times / 2], bytes[times / 2]);
    }
}

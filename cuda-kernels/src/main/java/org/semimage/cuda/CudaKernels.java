// SPDX-License-Identifier: Apache-2.0
package org.semimage.cuda;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.stream.IntStream;
import org.semimage.compute.Cancellation;
import org.semimage.compute.backend.UnavailableException;
import org.semimage.compute.entropy.ScaleTables;
import org.semimage.compute.entropy.SymbolArguments;
import org.semimage.compute.entropy.SymbolDecoder;
import org.semimage.compute.entropy.SymbolStep;
import org.semimage.compute.kernel.IntConv;
import org.semimage.compute.kernel.KernelArguments;
import org.semimage.compute.prior.JavaPriorLevels;
import org.semimage.compute.prior.PriorKernels;
import org.semimage.compute.prior.PriorLevels;
import org.semimage.compute.prior.PriorWeights;

/**
 * The kernels on the first CUDA device. A call takes its arrays to the device and back, and frees the device's memory before it
 * returns; tables, weights and decoders stay there. An error of the device is a {@link RuntimeException} that names it.
 */
public final class CudaKernels implements PriorKernels, AutoCloseable {

    /** Symbols that are encoded in one run, unless a single stream has more. */
    private static final long SYMBOLS_PER_RUN = 1 << 26;

    private final CudaLibrary.CudaDevice device;
    private final String deviceName;
    private final Map<ScaleTables, CudaLibrary.CudaTables> tablesOnDevice = new WeakHashMap<>();

    /**
     * @param driverPath the driver's library
     * @param image      the kernels as fatbin
     * @throws UnavailableException if there is no library for this platform, no driver, no device, or none that runs the image
     */
    CudaKernels(String driverPath, byte[] image) throws UnavailableException {
        try {
            device = new CudaLibrary.CudaDevice(driverPath, image);
            deviceName = device.name();
        } catch (LinkageError e) {
            throw new UnavailableException("the library for CUDA is not there or does not load", e);
        } catch (RuntimeException e) {
            throw new UnavailableException("CUDA does not start", e);
        }
    }

    @Override
    public String name() {
        return "cuda";
    }

    @Override
    public void convolve(IntConv conv, byte[] input, int height, int width, int[] sums, Cancellation cancellation) {
        cancellation.check();
        KernelArguments.checkConvolve(conv, input, height, width, sums);
        if (height > 0 && width > 0) {
            device.convolve(conv.weights(), conv.inputs(), conv.outputs(), conv.kernel(), input, height, width, sums);
        }
    }

    @Override
    public void activate(int[] sums, byte[] shifts, int area, byte[] output) {
        KernelArguments.checkActivate(sums, shifts, area, output);
        if (shifts.length > 0 && area > 0) {
            device.activate(sums, shifts, shifts.length, area, output);
        }
    }

    @Override
    public byte[] encode(ScaleTables tables, List<SymbolStep> steps, int lanes) {
        return encodeAll(tables, List.of(new Stream(steps, lanes))).get(0);
    }

    @Override
    public List<byte[]> encodeAll(ScaleTables tables, List<Stream> streams) {
        for (Stream stream : streams) {
            SymbolArguments.checkLanes(stream.lanes());
            stream.steps().forEach(step -> SymbolArguments.checkEncode(tables, step.symbols(), step.rows()));
        }
        List<byte[]> all = new ArrayList<>();
        int from = 0;
        while (from < streams.size()) {
            int to = from;
            long symbols = 0;
            while (to < streams.size() && (to == from || symbols + symbols(streams.get(to)) <= SYMBOLS_PER_RUN)) {
                symbols += symbols(streams.get(to++));
            }
            all.addAll(encodeRun(tables, streams.subList(from, to), Math.toIntExact(symbols)));
            from = to;
        }
        return all;
    }

    private static long symbols(Stream stream) {
        return stream.steps().stream().mapToLong(step -> step.symbols().length).sum();
    }

    private List<byte[]> encodeRun(ScaleTables tables, List<Stream> streams, int size) {
        int[] symbols = new int[size];
        byte[] rows = new byte[size];
        IntStream.Builder sizes = IntStream.builder();
        int at = 0;
        for (Stream stream : streams) {
            for (SymbolStep step : stream.steps()) {
                int length = step.symbols().length;
                System.arraycopy(step.symbols(), 0, symbols, at, length);
                System.arraycopy(step.rows(), 0, rows, at, length);
                sizes.add(length);
                at += length;
            }
        }
        int[] counts = streams.stream().mapToInt(stream -> stream.steps().size()).toArray();
        int[] lanes = streams.stream().mapToInt(Stream::lanes).toArray();
        try (CudaLibrary.CudaStreams encoded = new CudaLibrary.CudaStreams(tables(tables), symbols, rows, sizes.build().toArray(), counts,
                lanes)) {
            List<byte[]> all = new ArrayList<>();
            for (int i = 0; i < counts.length; i++) {
                byte[] stream = new byte[Math.toIntExact(encoded.size(i))];
                encoded.write(i, stream);
                all.add(stream);
            }
            return all;
        }
    }

    @Override
    public SymbolDecoder decoder(ScaleTables tables, byte[] bytes, int from, int to, int lanes) {
        SymbolArguments.checkStream(bytes, from, to, lanes);
        return new CudaSymbolDecoder(new CudaLibrary.CudaDecoder(tables(tables), Arrays.copyOfRange(bytes, from, to), lanes));
    }

    @Override
    public PriorLevels levels(PriorWeights weights) {
        return new CudaPriorLevels(weights, tables(weights.tables()), new JavaPriorLevels(weights, this));
    }

    /** Tables on the device, which the garbage collector frees after those in Java. */
    private synchronized CudaLibrary.CudaTables tables(ScaleTables tables) {
        return tablesOnDevice.computeIfAbsent(tables, t -> {
            int[][] rows = t.frequencies();
            int[] sizes = Arrays.stream(rows).mapToInt(row -> row.length).toArray();
            float[] costs = new float[Arrays.stream(sizes).sum() / 2 + sizes.length];
            int at = 0;
            for (int table = 0; table < sizes.length; table++) {
                for (int magnitude = 0; magnitude <= sizes[table] / 2; magnitude++) {
                    costs[at++] = t.cost(ScaleTables.row(table % ScaleTables.TABLES, table / ScaleTables.TABLES), magnitude);
                }
            }
            int[] frequencies = Arrays.stream(rows).flatMapToInt(Arrays::stream).toArray();
            // A caller's PointerScope must not free what later calls use.
            return new CudaLibrary.CudaTables(device, sizes, frequencies, costs, sizes.length / ScaleTables.TABLES).retainReference();
        });
    }

    /** Gives the device back; no call may be running, and none may follow. What was made of this object must be closed before. */
    @Override
    public synchronized void close() {
        tablesOnDevice.values().forEach(CudaLibrary.CudaTables::close);
        tablesOnDevice.clear();
        device.close();
    }

    /** Name and device. */
    @Override
    public String toString() {
        return "cuda (" + deviceName + ")";
    }
}

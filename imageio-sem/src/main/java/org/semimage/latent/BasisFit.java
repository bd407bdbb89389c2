package org.semimage.latent;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import org.semimage.compute.diffusion.AutoEncoder;
import org.semimage.compute.diffusion.Planes;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Fits a basis to the latents of many pictures: {@link LatentBasis#axes} of their mean covariance and sensitivity, and the magnitudes along them. */
public final class BasisFit {

    private final List<Planes> pictures = new ArrayList<>();
    private double[][] sensitivity;

    /** Adds a picture's latents. */
    public void add(AutoEncoder network, Planes latents) {
        double[][] measured = Sensitivity.of(network, latents);
        pictures.add(latents);
        sensitivity = sensitivity == null ? measured : sum(sensitivity, measured);
    }

    private static double[][] sum(double[][] a, double[][] b) {
        double[][] sum = new double[a.length][a.length];
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < a.length; j++) {
                sum[i][j] = a[i][j] + b[i][j];
            }
        }
        return sum;
    }

    /** How many were added. */
    public int pictures() {
        return pictures.size();
    }

    /** The basis as a file of tensors. @throws IllegalStateException if no picture was added */
    public byte[] safetensors() {
        if (pictures.isEmpty()) {
            throw new IllegalStateException("a basis of no pictures");
        }
        int channels = pictures.get(0).channels();
        float[] mean = mean(channels);
        double[][] covariance = new double[channels][channels];
        for (Planes latents : pictures) {
            covariance = sum(covariance, Matrices.moments(latents.data(), mean, latents.height() * latents.width()));
        }
        float[][] synthesis = LatentBasis.axes(covariance, Matrices.normalized(sensitivity));
        LatentBasis axes = new LatentBasis(LatentBasis.MEASURED, synthesis, mean, new byte[channels][SymbolModel.LEVELS]);
        return file(axes, new Magnitudes(channels).of(axes));
    }

    private float[] mean(int channels) {
        double[] sums = new double[channels];
        for (Planes latents : pictures) {
            int area = latents.height() * latents.width();
            for (int i = 0; i < latents.data().length; i++) {
                sums[i / area] += latents.data()[i] / (double) area / pictures.size();
            }
        }
        float[] mean = new float[channels];
        for (int c = 0; c < channels; c++) {
            mean[c] = (float) sums[c];
        }
        return mean;
    }

    /** Mean magnitudes of each component's levels, and of what the prediction leaves in the low band. */
    private final class Magnitudes {

        private final double[][] sums;
        private final long[] counts = new long[SymbolModel.LEVELS];

        Magnitudes(int channels) {
            sums = new double[channels][SymbolModel.LEVELS];
        }

        byte[] of(LatentBasis axes) {
            for (Planes latents : pictures) {
                add(axes.analyse(latents), latents.height(), latents.width());
            }
            ByteBuffer spectrum = ByteBuffer.allocate(sums.length * SymbolModel.LEVELS);
            for (double[] component : sums) {
                for (int level = 0; level < SymbolModel.LEVELS; level++) {
                    int known = level;
                    while (counts[known] == 0) {
                        known--;
                    }
                    spectrum.put((byte) LatentCodec.magnitudeClass(component[known] / counts[known]));
                }
            }
            return spectrum.array();
        }

        private void add(float[][] components, int height, int width) {
            int levels = SymbolModel.levels(height, width);
            for (int level = 1; level <= levels; level++) {
                counts[level] += LatentCodec.detailCount(height, width, level);
            }
            int lowWidth = SpatialWavelet.half(width, levels);
            int lowHeight = SpatialWavelet.half(height, levels);
            counts[0] += (lowWidth - 1L) * (lowHeight - 1);
            for (int c = 0; c < components.length; c++) {
                float[] plane = components[c];
                SpatialWavelet.analyse(plane, height, width, levels);
                for (int level = 1; level <= levels; level++) {
                    sums[c][level] += LatentCodec.detailSum(plane, height, width, level);
                }
                for (int y = 1; y < lowHeight; y++) {
                    for (int x = 1; x < lowWidth; x++) {
                        int at = y * width + x;
                        sums[c][0] += Math.abs(plane[at] - (plane[at - 1] + plane[at - width]) / 2);
                    }
                }
            }
        }
    }

    private static byte[] file(LatentBasis axes, byte[] spectrum) {
        int channels = axes.channels();
        ByteBuffer data = ByteBuffer.allocate(4 * channels * (channels + 1) + spectrum.length).order(ByteOrder.LITTLE_ENDIAN);
        JsonObject header = new JsonObject();
        describe(header, "synthesis", "F32", 0, 4 * channels * channels, channels, channels);
        for (float[] row : axes.synthesis()) {
            for (float value : row) {
                data.putFloat(value);
            }
        }
        describe(header, "mean", "F32", data.position(), 4 * channels, channels);
        for (float value : axes.mean()) {
            data.putFloat(value);
        }
        describe(header, "spectrum", "I8", data.position(), spectrum.length, channels, SymbolModel.LEVELS);
        data.put(spectrum);
        StringBuilder json = new StringBuilder(header.toString());
        while (json.length() % 8 != 0) {
            json.append(' ');
        }
        return ByteBuffer.allocate(8 + json.length() + data.capacity()).order(ByteOrder.LITTLE_ENDIAN).putLong(json.length())
                .put(json.toString().getBytes(StandardCharsets.US_ASCII)).put(data.array()).array();
    }

    private static void describe(JsonObject header, String name, String type, int from, int bytes, int... shape) {
        JsonObject tensor = new JsonObject();
        tensor.addProperty("dtype", type);
        JsonArray sizes = new JsonArray();
        for (int size : shape) {
            sizes.add(size);
        }
        tensor.add("shape", sizes);
        JsonArray offsets = new JsonArray();
        offsets.add(from);
        offsets.add(from + bytes);
        tensor.add("data_offsets", offsets);
        header.add(name, tensor);
    }
}

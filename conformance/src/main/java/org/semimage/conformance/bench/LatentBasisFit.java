package org.semimage.conformance.bench;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import org.semimage.compute.diffusion.AutoEncoder;
import org.semimage.compute.diffusion.Planes;
import org.semimage.latent.BasisFit;
import org.semimage.model.LatentPack;

import javax.imageio.ImageIO;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/**
 * Fits an embedded basis to the latents that a pack makes of photographs, and writes its pack (FORMAT.md, "Basis"): the mean covariance and
 * the mean sensitivity of a middle part of so many of them, evenly chosen.
 *
 * <p>{@code -Dbench.main=org.semimage.conformance.bench.LatentBasisFit -Dbench="PACK PHOTOS COUNT OUT ID LATENTS SOURCES.tsv"}; the last names file, source and licence of each
 * photograph in its columns 1, 2 and 6
 */
public final class LatentBasisFit {

    private static final int HEIGHT = 384;
    private static final int WIDTH = 512;

    private LatentBasisFit() {
    }

    /** Prints a line for each photograph. */
    public static void main(String[] arguments) throws Exception {
        File[] photos = new File(arguments[1]).listFiles();
        Arrays.sort(photos);
        int count = Integer.parseInt(arguments[2]);
        BasisFit fit = new BasisFit();
        Map<String, Source> sources = sources(Path.of(arguments[6]));
        Map<Source, Integer> used = new TreeMap<>(Comparator.comparing(Source::source).thenComparing(Source::licence));
        try (LatentPack pack = LatentPack.open(Path.of(arguments[0]))) {
            AutoEncoder network = pack.autoEncoder();
            for (int i = 0; i < count; i++) {
                File photo = photos[(int) ((long) i * photos.length / count)];
                BufferedImage image = ImageIO.read(photo);
                if (image == null || image.getWidth() < WIDTH || image.getHeight() < HEIGHT) {
                    continue;
                }
                fit.add(network, network.encode(part(image)));
                used.merge(sources.get(photo.getName()), 1, Integer::sum);
                System.out.println(i + " " + photo.getName());
            }
        }
        Path folder = Files.createDirectories(Path.of(arguments[3]));
        byte[] weights = fit.safetensors();
        Files.write(folder.resolve("latents.safetensors"), weights);
        Files.writeString(folder.resolve("manifest.json"), manifest(arguments, used, weights));
    }

    /** Where a photograph comes from. */
    private record Source(String source, String licence) {
    }

    private static Map<String, Source> sources(Path table) throws IOException {
        Map<String, Source> sources = new HashMap<>();
        for (String line : Files.readAllLines(table)) {
            String[] columns = line.split("\t");
            sources.put(columns[0], new Source(columns[1], columns[5]));
        }
        return sources;
    }

    private static Planes part(BufferedImage image) {
        Planes planes = Planes.of(3, HEIGHT, WIDTH);
        int left = (image.getWidth() - WIDTH) / 2;
        int top = (image.getHeight() - HEIGHT) / 2;
        for (int i = 0; i < HEIGHT * WIDTH; i++) {
            int rgb = image.getRGB(left + i % WIDTH, top + i / WIDTH);
            for (int c = 0; c < 3; c++) {
                planes.data()[c * HEIGHT * WIDTH + i] = (rgb >> 16 - 8 * c & 0xFF) / 255f;
            }
        }
        return planes;
    }

    private static String manifest(String[] arguments, Map<Source, Integer> used, byte[] weights) throws Exception {
        JsonObject file = new JsonObject();
        file.addProperty("bytes", weights.length);
        file.addProperty("sha256", HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(weights)));
        JsonObject files = new JsonObject();
        files.add("latents.safetensors", file);
        JsonObject manifest = new JsonObject();
        manifest.addProperty("id", arguments[4]);
        manifest.addProperty("format", 1);
        manifest.addProperty("profile", "generative");
        manifest.addProperty("licence", "Apache-2.0");
        manifest.addProperty("latents", arguments[5]);
        JsonArray provenance = new JsonArray();
        used.forEach((source, photographs) -> {
            JsonObject entry = new JsonObject();
            entry.addProperty("source", "https://github.com/" + source.source);
            entry.addProperty("licence", source.licence);
            entry.addProperty("photographs", photographs);
            provenance.add(entry);
        });
        manifest.add("provenance", provenance);
        manifest.add("files", files);
        return new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create().toJson(manifest) + "\n";
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.semimage.torch.pack;

import org.semimage.container.ModelRef;
import org.semimage.model.LatentPack;
import org.semimage.model.PackManifest;
import org.semimage.torch.network.Placement;

import javax.imageio.IIOException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The folder of installed packs of latent networks: each a folder of its own, with a manifest, named by its id. */
public final class PackFolder {

    /** System property: where packs are; {@code .semimage/models} in the home folder unless set. */
    public static final String PROPERTY = "org.semimage.models";

    private static final String ID = "[A-Za-z0-9_][A-Za-z0-9._-]{0,63}";

    private final Path folder;

    /**
     * What is known of an installed pack without opening it.
     *
     * @param id      its name
     * @param folder  where it is
     * @param ref     how pictures name it; empty if it cannot be used
     * @param bytes   of all its files
     * @param licence if its manifest says so
     * @param problem why it cannot be used; empty if it can
     */
    public record Installed(String id, Path folder, Optional<ModelRef> ref, long bytes, Optional<String> licence,
            Optional<String> problem) {
    }

    /**
     * A folder of packs, which need not exist.
     *
     * @param folder of packs, each a folder of its own; need not exist
     */
    public PackFolder(Path folder) {
        this.folder = folder;
    }

    /** The folder that {@link #PROPERTY} names. */
    public static PackFolder configured() {
        String named = System.getProperty(PROPERTY);
        return new PackFolder(named != null ? Path.of(named) : Path.of(System.getProperty("user.home"), ".semimage", "models"));
    }

    /** The folder itself, which need not exist. */
    public Path path() {
        return folder;
    }

    /** All packs by name; a folder that is none is listed with what is wrong. Empty if the folder does not exist. */
    public List<Installed> list() throws IIOException {
        if (Files.notExists(folder)) {
            return List.of();
        }
        try (Stream<Path> paths = Files.list(folder)) {
            return paths.filter(p -> Files.isDirectory(p) && p.getFileName().toString().matches(ID)).sorted().map(PackFolder::installed)
                    .collect(Collectors.toList());
        } catch (IOException e) {
            throw new IIOException(folder + " cannot be read: " + e, e);
        }
    }

    private static Installed installed(Path pack) {
        String id = pack.getFileName().toString();
        try {
            Optional<PackManifest> found = ManifestFiles.find(pack);
            if (found.isEmpty()) {
                return new Installed(id, pack, Optional.empty(), 0, Optional.empty(),
                        Optional.of("it has no " + PackManifest.FILE + ": sem packs add makes one"));
            }
            PackManifest manifest = found.get();
            return new Installed(id, pack, Optional.of(manifest.ref()), manifest.size(), manifest.licence(), Optional.empty());
        } catch (IIOException e) {
            return new Installed(id, pack, Optional.empty(), 0, Optional.empty(), Optional.of(e.getMessage()));
        }
    }

    /**
     * The pack that a user calls so.
     *
     * @throws IIOException if there is no such pack, or it cannot be used; the message says why
     */
    public Installed find(String id) throws IIOException {
        List<Installed> all = list();
        for (Installed pack : all) {
            if (pack.id.equals(id)) {
                if (pack.problem.isPresent()) {
                    throw new IIOException("model pack '" + id + "': " + pack.problem.get());
                }
                return pack;
            }
        }
        throw new IIOException("there is no model pack '" + id + "' in " + folder + ", which has "
                + (all.isEmpty() ? "none" : all.stream().map(Installed::id).collect(Collectors.joining(", "))));
    }

    /**
     * The pack that a picture names.
     *
     * @throws IIOException if no pack of that name is installed; the message says how to install one
     */
    Installed find(ModelRef ref) throws IIOException {
        for (Installed pack : list()) {
            if (pack.ref.isPresent() && pack.ref.get().equals(ref)) {
                return pack;
            }
        }
        throw new IIOException("the picture needs model pack " + ref + ", which is not in " + folder
                + "; sem packs add DIR puts it there, -D" + PROPERTY + "=... names another folder");
    }

    /** Opens a pack for use; its networks are loaded on first use. */
    LatentPack open(Installed pack) throws IIOException {
        return new DirectoryPack(pack.id, pack.folder, DirectoryPack.configured());
    }

    /**
     * What a pack holds, read without loading its networks.
     *
     * @throws IIOException if the pack is broken
     */
    public PackSummary summary(Installed pack) throws IIOException {
        try (DirectoryPack opened = new DirectoryPack(pack.id, pack.folder, Placement.CPU)) {
            return opened.summary();
        }
    }

    /**
     * Installs a pack: checks configurations, names and shapes, copies the files that its manifest lists, or that make it, and writes a
     * manifest if it has none. A pack that is in this folder already gets its manifest where it is.
     *
     * @param source the pack's folder
     * @param id     its name here; letters, digits, dots, dashes, underscores
     * @throws IIOException if it is no pack, not what its manifest vouches for, or the name is taken
     */
    public Installed add(Path source, String id) throws IIOException {
        if (!id.matches(ID)) {
            throw new IIOException("'" + id + "' is no name for a pack: letters, digits, dots, dashes, underscores");
        }
        DirectoryPack pack = new DirectoryPack(id, source, Placement.CPU);
        pack.check();
        Path target = folder.resolve(id);
        try {
            PackManifest manifest = ManifestFiles.of(source, pack.manifest().map(m -> m.files().keySet()).orElse(pack.layout().files()));
            List<String> differing = pack.manifest().isPresent() ? differing(pack.manifest().get().files(), manifest.files()) : List.of();
            if (!differing.isEmpty()) {
                throw new IIOException("model pack '" + id + "': " + String.join(", ", differing)
                        + " is not what the manifest vouches for");
            }
            byte[] bytes = pack.manifest().map(PackManifest::bytes).orElse(manifest.bytes());
            if (Files.exists(target) && Files.isSameFile(source, target)) {
                Files.write(target.resolve(PackManifest.FILE), bytes);
            } else if (Files.exists(target)) {
                throw new IIOException("there is a model pack '" + id + "' in " + folder + " already");
            } else {
                copy(source, target, manifest, bytes);
            }
        } catch (IIOException e) {
            throw e;
        } catch (IOException e) {
            throw new IIOException("model pack '" + id + "' cannot be added: " + e, e);
        }
        return find(id);
    }

    private void copy(Path source, Path target, PackManifest manifest, byte[] manifestBytes) throws IOException {
        Files.createDirectories(folder);
        // Not a temporary folder of the library's, which nobody else may enter.
        Path part = Files.createDirectory(folder.resolve(".adding-" + UUID.randomUUID()));
        Thread onExit = new Thread(() -> discard(part), "sem-unfinished-pack");
        Runtime.getRuntime().addShutdownHook(onExit);
        try {
            for (Map.Entry<String, PackManifest.Entry> file : manifest.files().entrySet()) {
                Path to = part.resolve(file.getKey());
                Files.createDirectories(to.getParent());
                try (OutputStream out = Files.newOutputStream(to)) {
                    Files.copy(source.resolve(file.getKey()), out);
                }
                if (!ManifestFiles.entry(to).equals(file.getValue())) {
                    throw new IIOException(source.resolve(file.getKey()) + " changed while it was copied");
                }
            }
            Files.write(part.resolve(PackManifest.FILE), manifestBytes);
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            delete(part);
            try {
                Runtime.getRuntime().removeShutdownHook(onExit);
            } catch (IllegalStateException ending) {
                // The process ends, and the hook runs by itself.
            }
        }
    }

    private static void discard(Path part) {
        try {
            delete(part);
        } catch (IOException e) {
            System.getLogger(PackFolder.class.getName()).log(System.Logger.Level.DEBUG, part + " is left", e);
        }
    }

    private static void delete(Path part) throws IOException {
        if (Files.exists(part)) {
            try (Stream<Path> paths = Files.walk(part)) {
                for (Path path : paths.sorted(Comparator.reverseOrder()).collect(Collectors.toList())) {
                    Files.delete(path);
                }
            }
        }
    }

    /**
     * Reads all of a pack's files and compares them with its manifest, and its networks with their configurations.
     *
     * @return the files that are missing or differ; empty if all is well
     * @throws IIOException if the pack cannot be opened
     */
    public List<String> verify(Installed pack) throws IIOException {
        PackManifest manifest = ManifestFiles.read(pack.folder);
        List<String> wrong = new ArrayList<>();
        for (Map.Entry<String, PackManifest.Entry> file : manifest.files().entrySet()) {
            Path path = pack.folder.resolve(file.getKey());
            try {
                if (!Files.isRegularFile(path) || !ManifestFiles.entry(path).equals(file.getValue())) {
                    wrong.add(file.getKey());
                }
            } catch (IOException e) {
                throw new IIOException(path + " cannot be read: " + e, e);
            }
        }
        if (wrong.isEmpty()) {
            new DirectoryPack(pack.id, pack.folder, Placement.CPU).check();
        }
        return wrong;
    }

    private static List<String> differing(Map<String, PackManifest.Entry> vouched, Map<String, PackManifest.Entry> found) {
        return found.entrySet().stream().filter(e -> !e.getValue().equals(vouched.get(e.getKey()))).map(Map.Entry::getKey)
                .collect(Collectors.toList());
    }
}

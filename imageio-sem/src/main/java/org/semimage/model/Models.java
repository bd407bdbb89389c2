// SPDX-License-Identifier: Apache-2.0
package org.semimage.model;

import org.semimage.caption.Imagination;
import org.semimage.caption.Tagger;
import org.semimage.compute.NativeMemory;
import org.semimage.compute.backend.Backends;
import org.semimage.compute.cpp.CppCoefficientNet;
import org.semimage.compute.network.CoefficientNet;
import org.semimage.compute.network.CoefficientNetProvider;
import org.semimage.compute.network.JavaCoefficientNet;
import org.semimage.compute.tensor.NamedTensors;
import org.semimage.container.ModelRef;
import org.semimage.text.TextCodec;
import org.semimage.text.TextPrior;

import javax.imageio.IIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The process's loaded models: loaded on first use, shared by all readers and writers, kept until {@link #unload}.
 *
 * <p>A reader lives for one call of {@code ImageIO.read}; a model must not. Every use holds a {@link Lease}; a model unloaded
 * while leased is freed when the last lease closes.
 */
public final class Models {

    /** The pack that the transform profile encodes with for least squared error. */
    public static final ModelRef TRANSFORM = ModelRef.embedded(1);

    /** The pack that it encodes with for the eye. */
    public static final ModelRef PERCEPTUAL = ModelRef.PERCEPTUAL;

    private static final Map<Integer, String> EMBEDDED = Map.of(1, "transform-1", 3, "transform-perceptual-1");
    private static final String TEXT_PACK = "caption-1";
    private static final String CAPTIONER_PACK = "captioner-1";
    private static final String LAYOUT_PACK = "layout-1";
    private static final String RENDERER_PACK = "renderer-1";
    private static final Map<Integer, String> LATENT_BASES = Map.of(2, "latents-1");
    private static final Models INSTANCE = new Models();

    private static final class Loaded<M> {
        private final M model;
        private final Runnable free;
        private int leases;
        private boolean unloaded;

        private Loaded(M model, Runnable free) {
            this.model = model;
            this.free = free;
        }
    }

    /**
     * The right to use a model until closed.
     *
     * @param <M> the model's type
     */
    public static final class Lease<M> implements AutoCloseable {
        private final Loaded<M> loaded;
        private boolean closed;

        private Lease(Loaded<M> loaded) {
            this.loaded = loaded;
        }

        /** The model, which must not be used once the lease is closed. */
        public M model() {
            return loaded.model;
        }

        @Override
        public void close() {
            synchronized (INSTANCE) {
                if (!closed) {
                    closed = true;
                    loaded.leases--;
                    freeIfUnused(loaded);
                }
            }
        }
    }

    private final Map<ModelRef, Loaded<TransformModel>> transforms = new HashMap<>();
    private final Map<ModelRef, Loaded<LatentPack>> latents = new HashMap<>();
    private final Map<String, Loaded<CoefficientNet>> renderers = new HashMap<>();
    private TextPrior text;
    private Tagger tagger;
    private Imagination imagination;

    private Models() {
    }

    /**
     * Leases the transform model of a pack, loading it first if needed.
     *
     * @throws IIOException if this build has no such pack, or it cannot be loaded; the message names it
     */
    public static Lease<TransformModel> transform(ModelRef ref) throws IIOException {
        synchronized (INSTANCE) {
            Loaded<TransformModel> loaded = INSTANCE.transforms.get(ref);
            if (loaded == null) {
                TransformModel model = load(ref);
                loaded = new Loaded<>(model, model::close);
                INSTANCE.transforms.put(ref, loaded);
            }
            return lease(loaded);
        }
    }

    /**
     * Leases an installed pack of latent networks, which loads each of them on first use.
     *
     * @throws IIOException if no such pack is installed, or the artifact that has them is not there; the message says what to add
     */
    public static Lease<LatentPack> latents(ModelRef ref) throws IIOException {
        synchronized (INSTANCE) {
            Loaded<LatentPack> loaded = INSTANCE.latents.get(ref);
            if (loaded == null) {
                LatentPack pack = LatentPacks.installed().open(ref);
                loaded = new Loaded<>(pack, pack::close);
                INSTANCE.latents.put(ref, loaded);
            }
            return lease(loaded);
        }
    }

    /**
     * Leases the renderer's network, loading it first if needed.
     *
     * @throws IIOException if it cannot be loaded
     */
    public static Lease<CoefficientNet> renderer() throws IIOException {
        synchronized (INSTANCE) {
            Loaded<CoefficientNet> loaded = INSTANCE.renderers.get(RENDERER_PACK);
            if (loaded == null) {
                CoefficientNet network = made(RENDERER_PACK, "renderer.safetensors", weights -> networks().apply(weights, "renderer"));
                loaded = new Loaded<>(network, network::close);
                INSTANCE.renderers.put(RENDERER_PACK, loaded);
            }
            return lease(loaded);
        }
    }

    private static <M> Lease<M> lease(Loaded<M> loaded) {
        loaded.leases++;
        return new Lease<>(loaded);
    }

    /**
     * The language prior of texts, which needs no lease as it lives on the heap.
     *
     * @throws IIOException if it cannot be loaded
     */
    public static TextPrior text() throws IIOException {
        synchronized (INSTANCE) {
            if (INSTANCE.text == null) {
                INSTANCE.text = made(TEXT_PACK, "caption.safetensors", TextPrior::new);
            }
            return INSTANCE.text;
        }
    }

    /**
     * The captioner's tagger, which needs no lease.
     *
     * @throws IIOException if it cannot be loaded
     */
    public static Tagger tagger() throws IIOException {
        synchronized (INSTANCE) {
            if (INSTANCE.tagger == null) {
                INSTANCE.tagger = made(CAPTIONER_PACK, "captioner.safetensors", Tagger::new);
            }
            return INSTANCE.tagger;
        }
    }

    /**
     * The network that imagines layouts of captions, which needs no lease.
     *
     * @throws IIOException if it cannot be loaded
     */
    public static Imagination imagination() throws IIOException {
        synchronized (INSTANCE) {
            if (INSTANCE.imagination == null) {
                INSTANCE.imagination = made(LAYOUT_PACK, "layout.safetensors", Imagination::new);
            }
            return INSTANCE.imagination;
        }
    }

    private static <M> M made(String id, String file, Function<NamedTensors, M> make) throws IIOException {
        ModelPack pack = embedded(id, file, name -> true);
        try {
            return make.apply(pack.weights());
        } catch (IllegalArgumentException e) {
            throw new IIOException("model pack '" + pack.id() + "' does not fit this version: " + e.getMessage(), e);
        }
    }

    /**
     * The codec of texts with the embedded prior.
     *
     * @throws IIOException if the prior cannot be loaded
     */
    public static TextCodec textCodec() throws IIOException {
        return new TextCodec(text());
    }

    /**
     * An embedded basis of latents, by the number that payloads of the generative profile name it with.
     *
     * @throws IIOException if there is none of this number, or it cannot be loaded
     */
    public static NamedTensors latentBasis(int number) throws IIOException {
        String id = LATENT_BASES.get(number);
        if (id == null) {
            throw new IIOException("chunk 'G': there is no basis " + number);
        }
        return embedded(id, "latents.safetensors", name -> true).weights();
    }

    /** Frees all models, those in use as soon as they are not; the next use loads anew. */
    public static void unload() {
        synchronized (INSTANCE) {
            unload(INSTANCE.transforms);
            unload(INSTANCE.latents);
            INSTANCE.text = null;
            INSTANCE.tagger = null;
            INSTANCE.imagination = null;
            unload(INSTANCE.renderers);
        }
    }

    /** Frees all models, and whatever would keep the class loader of an application alive; for when the plug-in is taken out of it. */
    public static void leave() {
        unload();
        NativeMemory.leaveToOwners();
    }

    private static <M> void unload(Map<?, Loaded<M>> models) {
        models.values().forEach(l -> {
            l.unloaded = true;
            freeIfUnused(l);
        });
        models.clear();
    }

    private static void freeIfUnused(Loaded<?> loaded) {
        if (loaded.unloaded && loaded.leases == 0) {
            loaded.free.run();
        }
    }

    private static TransformModel load(ModelRef ref) throws IIOException {
        String id = id(ref);
        try {
            return TransformModel.of(wanted -> transform(id, wanted), Backends.get(), networks());
        } catch (IllegalArgumentException e) {
            throw new IIOException("model pack '" + id + "' does not fit this version: " + e.getMessage(), e);
        } catch (IllegalStateException e) {
            throw new IIOException(e.getMessage(), e);
        }
    }

    /** All weights of an embedded pack of the transform profile. */
    static NamedTensors weights(ModelRef ref) throws IIOException {
        return transform(id(ref), name -> true);
    }

    private static NamedTensors transform(String id, Predicate<String> wanted) throws IIOException {
        return embedded(id, "transform.safetensors", wanted).weights();
    }

    private static String id(ModelRef ref) throws IIOException {
        String id = EMBEDDED.get(ref.number());
        if (id == null) {
            throw new IIOException("the picture needs model pack " + ref + ", which this installation does not have; it has "
                    + EMBEDDED.keySet().stream().sorted().map(number -> "embedded:" + number).collect(Collectors.joining(", ")));
        }
        return id;
    }

    private static ModelPack embedded(String id, String file, Predicate<String> wanted) throws IIOException {
        return ModelPack.load(id, name -> Models.class.getResourceAsStream("/org/semimage/packs/" + id + "/" + name), file, wanted);
    }

    /** Networks in C++, those of a provider where there is no C++ library, in Java if neither is there or the Java backend is asked for. */
    private static BiFunction<NamedTensors, String, CoefficientNet> networks() {
        if ("java".equals(System.getProperty(Backends.PROPERTY))) {
            return JavaCoefficientNet::new;
        }
        if (Backends.isAvailable("native")) {
            return CppCoefficientNet::new;
        }
        for (CoefficientNetProvider provider : ServiceLoader.load(CoefficientNetProvider.class, Models.class.getClassLoader())) {
            if (provider.isAvailable()) {
                return provider::create;
            }
        }
        return JavaCoefficientNet::new;
    }
}

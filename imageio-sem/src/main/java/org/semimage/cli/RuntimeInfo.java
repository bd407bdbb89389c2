package org.semimage.cli;

import org.semimage.compute.NativeLibraries;
import org.semimage.compute.backend.Backends;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What {@code sem info --runtime} says about the process; Gson writes it field by field.
 *
 * @param kernels  the kernels that code pictures; null if those that are demanded cannot run
 * @param why      why it is these
 * @param backends by name: the kernels, or why there are none
 * @param heap     the most bytes that the heap may take
 * @param cache    where JavaCPP unpacks native libraries; null if it can do so nowhere
 */
record RuntimeInfo(String sem, String java, String home, String system, int processors, long heap, String cache, String kernels, String why,
                   Map<String, String> backends) {

    /** Asks for all kernels, which loads them. */
    static RuntimeInfo current() {
        Map<String, String> backends = new LinkedHashMap<>();
        for (BackendOption.Backend backend : BackendOption.Backend.values()) {
            backends.put(backend.toString(), outcome(backend.toString()));
        }
        String forced = System.getProperty(Backends.PROPERTY);
        String kernels;
        String why;
        try {
            kernels = Backends.get().toString();
            why = forced != null ? "-D" + Backends.PROPERTY + "=" + forced + " demands it"
                    : kernels.equals(backends.get("java")) ? "native is " + backends.get("native") : "it is preferred where it runs";
        } catch (IllegalStateException e) {
            kernels = null;
            why = "-D" + Backends.PROPERTY + "=" + forced + " demands what is " + outcome(forced);
        }
        return new RuntimeInfo(Sem.Version.current(), Runtime.version() + ", " + System.getProperty("java.vm.name"), System.getProperty("java.home"),
                System.getProperty("os.name") + " " + System.getProperty("os.version") + ", " + System.getProperty("os.arch"),
                Runtime.getRuntime().availableProcessors(), Runtime.getRuntime().maxMemory(),
                NativeLibraries.folder().map(Path::toString).orElse(null), kernels, why, backends);
    }

    /** The kernels of a name, or why there are none. */
    private static String outcome(String name) {
        try {
            return Backends.of(name).toString();
        } catch (IllegalStateException e) {
            return "not available: " + e.getCause().getMessage();
        }
    }

    void print(PrintWriter out) {
        MetadataInfo.line(out, "sem", sem);
        MetadataInfo.line(out, "java", java + ", in " + home);
        MetadataInfo.line(out, "system", system);
        MetadataInfo.line(out, "memory", String.format(Locale.ROOT, "%d processors, a heap of at most %d MB", processors, heap >> 20));
        MetadataInfo.line(out, "cache", cache);
        MetadataInfo.line(out, "kernels", (kernels == null ? "none" : kernels) + ", because " + why);
        backends.forEach((name, outcome) -> MetadataInfo.line(out, name, outcome));
    }
}

package org.semimage.cuda;

import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.annotation.Cast;
import org.bytedeco.javacpp.annotation.Const;
import org.bytedeco.javacpp.annotation.Namespace;
import org.bytedeco.javacpp.annotation.Platform;

/** Binding of {@code cuda_device.h}; its library is built from this class. Callers check the arguments: C++ does not. */
@Platform(include = "cuda_device.h", compiler = "cpp17", link = "dl", library = "jnisemcuda")
@Namespace("sem")
final class CudaDevice extends Pointer {

    static {
        Loader.load();
    }

    CudaDevice(String driverPath, byte[] image) {
        allocate(driverPath, image);
    }

    private native void allocate(String driverPath, @Const byte[] image);

    native @Cast("const char*") String name();

    native void convolve(@Const byte[] weights, int inputs, int outputs, int kernel, @Const byte[] input, int height, int width, int[] sums);

    native void activate(@Const int[] sums, @Const byte[] shifts, int channels, int area, byte[] output);
}

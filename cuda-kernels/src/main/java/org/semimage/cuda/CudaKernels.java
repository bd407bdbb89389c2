package org.semimage.cuda;

import org.semimage.compute.IntConv;
import org.semimage.compute.KernelArguments;
import org.semimage.compute.Kernels;
import org.semimage.compute.UnavailableException;

/**
 * The kernels on the first CUDA device. Every call takes its arrays to the device and back, and frees the device's memory
 * before it returns; an error of the device is a {@link RuntimeException} that names it.
 */
public final class CudaKernels implements Kernels, AutoCloseable {

    private final CudaDevice device;
    private final String deviceName;

    /**
     * @param driverPath the driver's library
     * @param image      the kernels as fatbin
     * @throws UnavailableException if there is no library for this platform, no driver, no device, or none that runs the image
     */
    CudaKernels(String driverPath, byte[] image) throws UnavailableException {
        try {
            device = new CudaDevice(driverPath, image);
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
    public void convolve(IntConv conv, byte[] input, int height, int width, int[] sums) {
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

    /** Gives the device back; no call may be running, and none may follow. */
    @Override
    public void close() {
        device.close();
    }

    /** Name and device. */
    @Override
    public String toString() {
        return "cuda (" + deviceName + ")";
    }
}

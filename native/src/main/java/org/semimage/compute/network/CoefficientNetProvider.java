package org.semimage.compute.network;

import org.semimage.compute.tensor.NamedTensors;

/**
 * Offers coefficient networks where there is no C++ library; found through {@link java.util.ServiceLoader}. Safe for use by many threads.
 */
public interface CoefficientNetProvider {

    /** Whether {@link #create} works on this machine; may load a library. */
    boolean isAvailable();

    /**
     * Makes a network.
     *
     * @param prefix of the tensors' names, "synthesis" or "analysis"
     * @throws IllegalArgumentException if a tensor is missing or does not fit
     */
    CoefficientNet create(NamedTensors weights, String prefix);
}

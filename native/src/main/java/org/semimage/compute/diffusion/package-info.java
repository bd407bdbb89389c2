// SPDX-License-Identifier: Apache-2.0
/**
 * What latent diffusion networks do, and what is done with them: the contracts of autoencoder and denoiser, and the sampler.
 *
 * <p>Interfaces speak in float arrays with a shape.
 */
package org.semimage.compute.diffusion;

// SPDX-License-Identifier: Apache-2.0
/**
 * Latent diffusion networks: autoencoder, denoiser and text encoder as functions of named weights.
 *
 * <p>Interfaces speak in float arrays with a shape; native memory stays behind them and is freed by {@code close}.
 */
package org.semimage.compute.diffusion;

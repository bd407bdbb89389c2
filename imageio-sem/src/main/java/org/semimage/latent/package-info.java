// SPDX-License-Identifier: Apache-2.0
/** Codes the latents of any autoencoder in few bytes, exactly the same on every machine (FORMAT.md, "Latents" and "Palette"). */
package org.semimage.latent;

// SPDX-License-Identifier: Apache-2.0
/** The generative profile: the latents of an autoencoder (FORMAT.md, "Generative payload"). */
package org.semimage.profile.generative;

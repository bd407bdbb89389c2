// SPDX-License-Identifier: Apache-2.0
/** Packs of latent networks: folders in published layouts, those that are installed, and what is in them. */
package org.semimage.torch.pack;

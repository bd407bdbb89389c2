// SPDX-License-Identifier: Apache-2.0
/** The transform profile: wavelet, prior and coefficient networks, in tiles and layers (FORMAT.md, "Transform payload"). */
package org.semimage.profile.transform;

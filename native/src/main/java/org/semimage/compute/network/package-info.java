// SPDX-License-Identifier: Apache-2.0
/** The networks that correct wavelet coefficients in floating point (FORMAT.md, "Coefficient networks"). */
package org.semimage.compute.network;

// SPDX-License-Identifier: Apache-2.0
/** The CDF 9/7 wavelet and the pyramid of its coefficients (FORMAT.md, "Wavelet"). */
package org.semimage.compute.wavelet;

/** The networks that correct wavelet coefficients in floating point (FORMAT.md, "Coefficient networks"). */
package org.semimage.compute.network;

// SPDX-License-Identifier: Apache-2.0
/** The integer kernels: what the format's hot path computes, and the reference in Java. */
package org.semimage.compute.kernel;

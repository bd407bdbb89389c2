// SPDX-License-Identifier: Apache-2.0
/** Kernels and prior levels on NVIDIA devices. {@code CudaLibrary} is the binding. */
package org.semimage.cuda;

// SPDX-License-Identifier: Apache-2.0
/** Kernels, prior levels and coefficient networks in C++. {@code CppLibrary} is the binding. */
package org.semimage.compute.cpp;

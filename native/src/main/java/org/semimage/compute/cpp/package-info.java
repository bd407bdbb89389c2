/** Kernels, prior levels and coefficient networks in C++. {@code CppLibrary} is the binding. */
package org.semimage.compute.cpp;

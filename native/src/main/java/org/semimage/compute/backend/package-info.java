// SPDX-License-Identifier: Apache-2.0
/** Chooses the kernels of the process and checks them against the reference. */
package org.semimage.compute.backend;

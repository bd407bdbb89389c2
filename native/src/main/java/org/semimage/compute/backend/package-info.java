/** Chooses the kernels of the process and checks them against the reference. */
package org.semimage.compute.backend;

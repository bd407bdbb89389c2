/** Fuzzers, run by Jazzer. */
package org.semimage.conformance.fuzz;

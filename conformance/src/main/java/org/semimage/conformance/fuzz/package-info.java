// SPDX-License-Identifier: Apache-2.0
/** Fuzzers, run by Jazzer. */
package org.semimage.conformance.fuzz;

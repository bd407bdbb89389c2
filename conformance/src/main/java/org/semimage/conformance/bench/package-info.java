// SPDX-License-Identifier: Apache-2.0
/** Programs that measure time, memory and sizes; each prints a table. */
package org.semimage.conformance.bench;

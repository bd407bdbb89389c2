// SPDX-License-Identifier: Apache-2.0
/** The integer prior: networks that say how likely each coefficient is, level by level (FORMAT.md, "Integer prior"). */
package org.semimage.compute.prior;

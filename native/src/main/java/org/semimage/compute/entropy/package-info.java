// SPDX-License-Identifier: Apache-2.0
/** Symbols to bytes and back: scale tables, rANS, dependent quantization, arithmetic coding (FORMAT.md, "Symbols"). */
package org.semimage.compute.entropy;

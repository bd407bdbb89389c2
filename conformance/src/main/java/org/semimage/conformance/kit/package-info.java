// SPDX-License-Identifier: Apache-2.0
/** The conformance kit (docs/CONFORMANCE.md): files with what is due of a decoder, what makes them, and what holds a decoder to them. */
package org.semimage.conformance.kit;

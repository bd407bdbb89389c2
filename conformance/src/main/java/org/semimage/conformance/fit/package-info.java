// SPDX-License-Identifier: Apache-2.0
/** Programs that fit tables of the format to photographs. */
package org.semimage.conformance.fit;

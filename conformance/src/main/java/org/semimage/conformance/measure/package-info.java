// SPDX-License-Identifier: Apache-2.0
/** {@code sem bench}: measures of pictures, curves over rates, other codecs, and the report. */
package org.semimage.conformance.measure;

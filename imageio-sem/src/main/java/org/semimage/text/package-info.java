// SPDX-License-Identifier: Apache-2.0
/** Texts in a few bytes: the vocabulary, the language prior and their coder. */
package org.semimage.text;

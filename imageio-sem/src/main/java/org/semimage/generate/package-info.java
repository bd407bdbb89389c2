// SPDX-License-Identifier: Apache-2.0
/** What stands between a picture and its meaning: captioners, generators, and what a reader may invent. */
package org.semimage.generate;

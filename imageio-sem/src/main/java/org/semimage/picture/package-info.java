// SPDX-License-Identifier: Apache-2.0
/** Pictures as planes of samples, on the way between Java's images and the profiles. */
package org.semimage.picture;

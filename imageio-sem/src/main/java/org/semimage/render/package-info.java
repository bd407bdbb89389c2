// SPDX-License-Identifier: Apache-2.0
/** Adds the detail that very small files do not hold. */
package org.semimage.render;

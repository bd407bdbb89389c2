// SPDX-License-Identifier: Apache-2.0
/** Reflection: an encoder that looks at what its files decode to, and tries others. */
package org.semimage.reflect;

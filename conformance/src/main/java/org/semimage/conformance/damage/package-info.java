// SPDX-License-Identifier: Apache-2.0
/** Files damaged by the hundred thousand, and the kit's vectors under every kernel and virtual machine that there is. */
package org.semimage.conformance.damage;

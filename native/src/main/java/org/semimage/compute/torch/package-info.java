// SPDX-License-Identifier: Apache-2.0
/** The coefficient network on libtorch. */
package org.semimage.compute.torch;

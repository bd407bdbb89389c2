// SPDX-License-Identifier: Apache-2.0
/** The command {@code sem packs}. */
package org.semimage.torch.cli;

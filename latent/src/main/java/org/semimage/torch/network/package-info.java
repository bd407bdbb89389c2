// SPDX-License-Identifier: Apache-2.0
/** Networks on libtorch, functions of named weights. Native memory stays behind their interfaces and is freed by {@code close}. */
package org.semimage.torch.network;

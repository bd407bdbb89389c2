// SPDX-License-Identifier: Apache-2.0
/** Named tensors and the safetensors files that hold them. */
package org.semimage.compute.tensor;

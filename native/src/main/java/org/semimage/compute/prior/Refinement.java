// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.prior;

/**
 * Something that a refinement layer goes on with.
 *
 * @param <T>    {@link Target} or {@link Source}, with the layer's quality index and in its quantizer steps
 * @param of     the item, and where its symbols come from or what they shall stand for
 * @param before what the layer before has left
 */
public record Refinement<T>(T of, Cells before) {
}

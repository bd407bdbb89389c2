// SPDX-License-Identifier: Apache-2.0
package org.semimage.reflect;

import org.semimage.container.SemFile;

import java.util.Optional;

/**
 * What a reflection came to.
 *
 * @param file     the best file
 * @param proposal what it says
 * @param score    how far its picture is from the original; absent if nothing was decoded
 */
public record Reflection(SemFile file, Proposal proposal, Optional<Score> score) {
}

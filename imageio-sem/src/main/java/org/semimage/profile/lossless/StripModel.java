// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile.lossless;

/** Codes the rows of a strip, one after the other, as decisions; the same for encoder and decoder. */
interface StripModel {

    /** Codes a row of all planes, the next one from 0. */
    void row(int y);
}

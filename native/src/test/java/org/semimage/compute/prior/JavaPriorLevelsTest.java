// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.prior;

import org.semimage.compute.kernel.JavaKernels;
import org.semimage.compute.kernel.Kernels;

/** The suite itself: synthetic weights, pictures and streams are what the reference takes. */
class JavaPriorLevelsTest extends PriorLevelsTest {

    @Override
    protected Kernels kernels() {
        return new JavaKernels();
    }
}

package org.semimage.compute;

/** The suite itself: synthetic weights, pictures and streams are what the reference takes. */
class JavaPriorLevelsTest extends PriorLevelsTest {

    @Override
    protected Kernels kernels() {
        return new JavaKernels();
    }
}

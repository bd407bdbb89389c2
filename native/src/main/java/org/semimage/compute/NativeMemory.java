// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute;

/**
 * JavaCPP's part in giving native memory back. Here every piece of it has an owner that closes it, so that nothing is left to the
 * collector.
 */
public final class NativeMemory {

    private static final String DEALLOCATOR = "org.bytedeco.javacpp.Pointer$DeallocatorThread";

    private NativeMemory() {
    }

    /**
     * Ends JavaCPP's thread that frees what the garbage collector finds, if JavaCPP runs and belongs to an application of its own, as in a
     * servlet container: the thread would keep a class loader alive that is done with. On the class path of the virtual machine, where
     * others may rely on it, it goes on.
     */
    public static void leaveToOwners() {
        ClassLoader own = NativeMemory.class.getClassLoader();
        if (own == ClassLoader.getSystemClassLoader()) {
            return;
        }
        // To ask JavaCPP itself would load it.
        Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getClass().getName().equals(DEALLOCATOR) && thread.getClass().getClassLoader() == own)
                .forEach(Thread::interrupt);
    }
}

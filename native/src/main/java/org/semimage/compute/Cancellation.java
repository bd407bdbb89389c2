// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.util.concurrent.CancellationException;

/**
 * A request to stop, which whoever wants work done hands down to whoever does it, in Java or in C++. Any thread may make it, once and for
 * all; work asks for it at least every few milliseconds, and what it has done until then is of no use.
 */
public final class Cancellation {

    /** Is never requested. */
    public static final Cancellation NEVER = new Cancellation();

    private static final VarHandle FLAG = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());

    /** One int in native memory, where C++ sees it too. */
    private final ByteBuffer flag = ByteBuffer.allocateDirect(Integer.BYTES).order(ByteOrder.nativeOrder());

    /**
     * Asks whoever looks at this to stop; may be called from any thread, and more than once.
     *
     * @throws IllegalStateException if this is {@link #NEVER}
     */
    public void request() {
        if (this == NEVER) {
            throw new IllegalStateException("work that cannot be cancelled");
        }
        FLAG.setVolatile(flag, 0, 1);
    }

    /** Whether somebody has asked to stop; a volatile read. */
    public boolean requested() {
        return (int) FLAG.getVolatile(flag, 0) != 0;
    }

    /**
     * Returns unless somebody has asked to stop.
     *
     * @throws CancellationException if the request has been made
     */
    public void check() {
        if (requested()) {
            throw new CancellationException();
        }
    }

    /** For native code: an int that turns from 0 to 1; good for as long as the buffer can be reached. */
    public IntBuffer flag() {
        return flag.asIntBuffer();
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.semimage.imageio;

import java.lang.System.Logger.Level;
import java.util.Locale;

/** How a reader gives every so many-th pixel of a picture of the transform profile. */
public enum Subsampling {

    /** The pixels of the full picture, as the contract of {@link javax.imageio.IIOParam#setSourceSubsampling} has it. */
    EXACT(Integer.MAX_VALUE),

    /**
     * Where both periods are at least 4, averages of 4x4 or 8x8 samples in their place, which cost a fraction and do not alias; else
     * exact.
     */
    AUTO(4),

    /** The same from periods of 2 on. */
    FAST(2);

    /** System property with the value that readers use unless their parameter says otherwise: exact, auto or fast. */
    public static final String PROPERTY = "org.semimage.subsampling";


    private final int leastPeriod;

    Subsampling(int leastPeriod) {
        this.leastPeriod = leastPeriod;
    }

    /**
     * What the system property says now; {@link #AUTO} if it is not set. A property of another value is logged and taken as
     * {@link #EXACT}.
     */
    public static Subsampling current() {
        String text = System.getProperty(PROPERTY, "auto");
        for (Subsampling value : values()) {
            if (value.name().equals(text.strip().toUpperCase(Locale.ROOT))) {
                return value;
            }
        }
        System.getLogger("org.semimage").log(
                Level.WARNING, "property {0} is ''{1}'', not exact, auto or fast; using exact", PROPERTY, text);
        return EXACT;
    }

    /** One over the size to decode at: 1, 2, 4 or 8. */
    public int scale(int periodX, int periodY) {
        int period = Math.min(periodX, periodY);
        return period < leastPeriod ? 1 : Math.min(8, Integer.highestOneBit(period));
    }
}

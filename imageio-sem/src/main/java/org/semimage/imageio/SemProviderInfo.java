// SPDX-License-Identifier: Apache-2.0
package org.semimage.imageio;

import java.util.Optional;

/** What reader and writer providers tell ImageIO about themselves. */
final class SemProviderInfo {

    private SemProviderInfo() {
    }

    /** As the jar's manifest says; never null. */
    static String vendor() {
        return Optional.ofNullable(SemProviderInfo.class.getPackage().getImplementationVendor()).orElse("SEM");
    }

    /** As the jar's manifest says; never null. */
    static String version() {
        return Optional.ofNullable(SemProviderInfo.class.getPackage().getImplementationVersion()).orElse("unspecified");
    }

    static String[] formatNames() {
        return new String[] {"sem", "SEM"};
    }

    static String[] suffixes() {
        return new String[] {"sem"};
    }

    static String[] mimeTypes() {
        return new String[] {"image/x-sem", "image/sem"};
    }
}

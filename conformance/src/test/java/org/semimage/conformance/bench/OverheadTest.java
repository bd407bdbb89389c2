// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.bench;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class OverheadTest {

    @Test
    void streamsOfDrawnPicturesAreCloseToTheIdeal() throws IOException {
        for (Overhead.Row row : Overhead.drawn(320)) {
            assertTrue(row.isWithinLimits(), row::toString);
        }
    }
}

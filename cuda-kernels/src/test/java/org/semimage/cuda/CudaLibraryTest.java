// SPDX-License-Identifier: Apache-2.0
package org.semimage.cuda;

import org.junit.jupiter.api.Test;
import org.semimage.compute.LibraryContent;

class CudaLibraryTest {

    @Test
    void itsFolderIsNamedByItsContent() throws Exception {
        LibraryContent.assertNamesFolder(CudaLibrary.class, "jnisemcuda");
    }
}

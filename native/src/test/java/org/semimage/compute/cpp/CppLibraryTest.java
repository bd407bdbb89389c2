// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.cpp;

import org.bytedeco.javacpp.Loader;
import org.junit.jupiter.api.Test;
import org.semimage.compute.LibraryContent;
import org.semimage.compute.NativeLibraries;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class CppLibraryTest {

    @Test
    void itsFolderIsNamedByItsContent() throws Exception {
        LibraryContent.assertNamesFolder(CppLibrary.class, "jnisemkernels");
    }

    @Test
    void aBindingWithoutALibraryIsRefusedWithThePlatform() {
        String message = assertThrows(UnsatisfiedLinkError.class, () -> NativeLibraries.load(NativeLibraries.class)).getMessage();
        assertEquals("this build has no C++ library for " + Loader.getPlatform(), message);
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.semimage.measure;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

import java.nio.file.Path;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

/** What ARCHITECTURE.md says of this module. */
class PackagesTest {

    private static final JavaClasses CLASSES = new ClassFileImporter().importPath(Path.of("target/classes"));

    @Test
    void knowsSamplesAlone() {
        classes().should().onlyDependOnClassesThat().resideInAnyPackage("java..", "org.semimage.measure", "org.semimage.picture")
                .check(CLASSES);
    }
}

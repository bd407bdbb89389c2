// SPDX-License-Identifier: Apache-2.0
package org.semimage.endpoint;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

import java.nio.file.Path;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

/** What ARCHITECTURE.md says of this module. */
class PackagesTest {

    private static final JavaClasses CLASSES = new ClassFileImporter().importPath(Path.of("target/classes"));

    @Test
    void knowsGsonAndTheFormatAlone() {
        classes().should().onlyDependOnClassesThat().resideInAnyPackage("java..", "javax..", "com.google.gson..",
                "org.semimage.compute", "org.semimage.container", "org.semimage.endpoint", "org.semimage.generate", "org.semimage.picture",
                "org.semimage.profile.semantic").check(CLASSES);
    }

    @Test
    void noClassSitsInAPackageOfAnotherModule() {
        classes().should().resideInAPackage("org.semimage.endpoint").check(CLASSES);
    }
}

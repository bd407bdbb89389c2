// SPDX-License-Identifier: Apache-2.0
package org.semimage.spark;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

import java.nio.file.Path;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

/** What ARCHITECTURE.md says of this module's packages. */
class PackagesTest {

    private static final JavaClasses CLASSES = new ClassFileImporter().importPath(Path.of("target/classes"));

    @Test
    void packagesHaveNoCycle() {
        slices().matching("org.semimage.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void noClassSitsInAPackageOfAnotherModule() {
        classes().should().resideInAPackage("org.semimage.spark..").check(CLASSES);
    }

    @Test
    void theCommandLineAloneKnowsPicocli() {
        noClasses().that().resideOutsideOfPackage("org.semimage.spark").should().dependOnClassesThat()
                .resideInAnyPackage("picocli..", "org.semimage.cli..").check(CLASSES);
    }
}

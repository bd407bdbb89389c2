package org.semimage;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import org.junit.jupiter.api.Test;
import org.semimage.compute.Cancellation;
import org.semimage.imageio.SemImageReader;
import org.semimage.imageio.SemImageReaderSpi;
import org.semimage.imageio.SemImageWriter;
import org.semimage.imageio.SemImageWriterSpi;
import org.semimage.imageio.SemMetadataFormat;
import org.semimage.model.Models;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

/** What ARCHITECTURE.md says of this module's packages. */
class PackagesTest {

    private static final JavaClasses CLASSES = new ClassFileImporter().importPath(Path.of("target/classes"));

    /** Where discovery ends: an application that asks for a picture, or that stops. */
    private static final Set<String> DOORS = Set.of(SemImageReader.class.getName(), SemImageWriter.class.getName(), Models.class.getName());

    private static final DescribedPredicate<JavaClass> NATIVE = resideInAnyPackage("org.bytedeco..", "org.semimage.compute..")
            .and(not(belongToAnyOf(Cancellation.class)));

    @Test
    void packagesHaveNoCycle() {
        slices().matching("org.semimage.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void knowsNoLibraryOutsideOfTheCommandLine() {
        DescribedPredicate<JavaClass> java = resideInAnyPackage("java..", "javax..", "org.w3c.dom..", "org.xml.sax..");
        DescribedPredicate<JavaClass> own = resideInAnyPackage("org.semimage..").and(not(resideInAnyPackage("org.semimage.torch..")));
        classes().that().resideOutsideOfPackage("org.semimage.cli").should().onlyDependOnClassesThat(java.or(own)).check(CLASSES);
    }

    @Test
    void theCommandLineKnowsNoLibtorch() {
        noClasses().should().dependOnClassesThat().resideInAnyPackage("org.bytedeco..", "org.semimage.torch..").check(CLASSES);
    }

    @Test
    void discoveryReachesNothingNative() {
        classes().that(belongToAnyOf(SemImageReaderSpi.class, SemImageWriterSpi.class, SemMetadataFormat.class))
                .or().resideInAnyPackage("org.semimage.container", "org.semimage.metadata")
                .should(notReach(NATIVE.as("classes of the compute layer"))).check(CLASSES);
    }

    @Test
    void containerAndMetadataReachNoProfile() {
        classes().that().resideInAnyPackage("org.semimage.container", "org.semimage.metadata")
                .should(notReach(resideInAnyPackage("org.semimage.profile..", "org.semimage.picture..").as("profiles and their pictures"))).check(CLASSES);
    }

    /** Follows dependencies through this module's classes, but for the doors. */
    private static ArchCondition<JavaClass> notReach(DescribedPredicate<JavaClass> forbidden) {
        return new ArchCondition<>("not reach " + forbidden.getDescription()) {
            @Override
            public void check(JavaClass start, ConditionEvents events) {
                Map<JavaClass, String> ways = new HashMap<>(Map.of(start, start.getName()));
                Deque<JavaClass> open = new ArrayDeque<>(Set.of(start));
                while (!open.isEmpty()) {
                    JavaClass at = open.remove();
                    for (Dependency dependency : at.getDirectDependenciesFromSelf()) {
                        JavaClass target = dependency.getTargetClass();
                        if (ways.containsKey(target) || DOORS.contains(target.getName())) {
                            continue;
                        }
                        ways.put(target, ways.get(at) + " -> " + target.getName());
                        if (forbidden.test(target)) {
                            events.add(SimpleConditionEvent.violated(start, ways.get(target)));
                        } else if (CLASSES.contain(target.getName())) {
                            open.add(target);
                        }
                    }
                }
            }
        };
    }
}

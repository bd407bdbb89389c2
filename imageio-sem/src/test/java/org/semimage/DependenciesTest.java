package org.semimage;

import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

import javax.xml.parsers.DocumentBuilderFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** What comes along with imageio-sem, and has to be worth its bytes to every application. */
class DependenciesTest {

    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

    private record Dependency(String name, String scope, boolean optional) {

        static Dependency of(Element element) {
            String classifier = text(element, "classifier");
            String artifact = text(element, "groupId") + ":" + text(element, "artifactId");
            return new Dependency(classifier.isEmpty() ? artifact : artifact + ":" + classifier, text(element, "scope"),
                    text(element, "optional").equals("true"));
        }

        private static String text(Element element, String name) {
            NodeList found = element.getElementsByTagName(name);
            return found.getLength() == 0 ? "" : found.item(0).getTextContent();
        }
    }

    private static List<Dependency> dependencies(String module) throws Exception {
        NodeList elements = DocumentBuilderFactory.newInstance().newDocumentBuilder()
                .parse(ROOT.resolve(module).resolve("pom.xml").toFile()).getElementsByTagName("dependency");
        List<Dependency> dependencies = new ArrayList<>();
        for (int i = 0; i < elements.getLength(); i++) {
            dependencies.add(Dependency.of((Element) elements.item(i)));
        }
        return dependencies;
    }

    /** The dependencies of a module that those who depend on it get too. */
    private static Set<String> carried(String module) throws Exception {
        Set<String> managedForTests = dependencies("").stream().filter(d -> d.scope.equals("test")).map(Dependency::name)
                .collect(Collectors.toSet());
        return dependencies(module).stream().filter(d -> !d.optional && !d.scope.equals("test") && !managedForTests.contains(d.name))
                .map(Dependency::name).collect(Collectors.toSet());
    }

    @Test
    void anApplicationCarriesSemNativeAndJavaCppAlone() throws Exception {
        assertEquals(Set.of("org.semimage:sem-native"), carried("imageio-sem"));
        assertEquals(Set.of("org.bytedeco:javacpp", "org.bytedeco:javacpp:${javacpp.platform}"), carried("native"));
    }
}

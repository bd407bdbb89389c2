// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.kit;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How a decoder did.
 *
 * @param vectors what it was held to
 * @param decoder its name
 * @param results in the order in which vectors ran
 */
record Report(Vectors vectors, String decoder, List<Result> results) {

    /**
     * How it did with a vector.
     *
     * @param name    of the vector
     * @param faults  none if it passed
     * @param seconds what it took
     */
    record Result(String name, List<String> faults, double seconds) {

        boolean passed() {
            return faults.isEmpty();
        }
    }

    long failed() {
        return results.stream().filter(result -> !result.passed()).count();
    }

    /**
     * Prints failed vectors, then the requirements that they concern, then a line of numbers.
     *
     * @param all whether to print what passed too
     */
    void print(PrintWriter out, boolean all) {
        for (Result result : results) {
            if (all || !result.passed()) {
                out.printf(Locale.ROOT, "%s  %s  (%.2f s)%n", result.passed() ? "pass" : "FAIL", result.name(), result.seconds());
                result.faults().forEach(fault -> out.println("      " + fault));
            }
        }
        for (Requirement requirement : vectors.requirements()) {
            List<Result> concerned = results.stream()
                    .filter(result -> vectors.due().get(result.name()).requirements().contains(requirement.id())).toList();
            long passed = concerned.stream().filter(Result::passed).count();
            if (!concerned.isEmpty() && (all || passed < concerned.size())) {
                out.printf(Locale.ROOT, "%s  %-10s %d of %d vectors  %s%n", passed == concerned.size() ? "pass" : "FAIL", requirement.id(),
                        passed, concerned.size(), requirement.text());
            }
        }
        out.printf(Locale.ROOT, "%d of %d vectors pass: %s%n", results.size() - failed(), results.size(), decoder);
        out.flush();
    }

    /** The report as JUnit's XML: a test case for each vector. */
    String junit() {
        StringBuilder xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        xml.append(String.format(Locale.ROOT,
                "<testsuite name=\"%s\" tests=\"%d\" failures=\"%d\" errors=\"0\" skipped=\"0\" time=\"%.3f\">%n",
                escaped("SEM conformance of " + decoder), results.size(), failed(), results.stream().mapToDouble(Result::seconds).sum()));
        for (Result result : results) {
            xml.append(String.format(Locale.ROOT, "  <testcase classname=\"sem.conformance\" name=\"%s\" time=\"%.3f\"",
                    escaped(result.name()),
                    result.seconds()));
            if (result.passed()) {
                xml.append("/>\n");
            } else {
                xml.append(">\n    <failure message=\"").append(escaped(result.faults().get(0))).append("\">");
                xml.append(escaped(String.join("\n", result.faults()))).append("</failure>\n  </testcase>\n");
            }
        }
        return xml.append("</testsuite>\n").toString();
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;")
                .replaceAll("[\\x00-\\x08\\x0B\\x0C\\x0E-\\x1F]", "?");
    }

    /**
     * Prints for each requirement of decoders the vectors that show it.
     *
     * @return how many have none
     */
    static long printCoverage(Vectors vectors, PrintWriter out) {
        long holes = 0;
        for (Map.Entry<Requirement, List<String>> row : vectors.coverage().entrySet()) {
            boolean hole = row.getValue().isEmpty();
            holes += hole ? 1 : 0;
            out.printf("%-10s %s%n", row.getKey().id(), hole ? "NO VECTOR: " + row.getKey().text() : String.join(" ", row.getValue()));
        }
        out.printf("%d requirements of decoders, %d without a vector%n", vectors.coverage().size(), holes);
        out.flush();
        return holes;
    }
}

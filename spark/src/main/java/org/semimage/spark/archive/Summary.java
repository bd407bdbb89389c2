// SPDX-License-Identifier: Apache-2.0
package org.semimage.spark.archive;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a run has done.
 *
 * @param archive     what the archive now holds, whichever run made it: equal for equal sources and settings
 * @param quarantined sources by reason
 * @param run         what this run took
 */
public record Summary(Archive archive, Map<String, Long> quarantined, Run run) {

    /** Parts of a hundred at which scores are given. */
    private static final List<Integer> PERCENTS = List.of(0, 1, 5, 25, 50, 75, 95, 100);

    private static final double SECONDS_PER_HOUR = 3600;

    /**
     * The pictures that are in the archive.
     *
     * @param pictures    number of SEM files
     * @param bytesBefore of their sources
     * @param bytesAfter  of the SEM files
     * @param lossless    how many of them are in the lossless profile
     * @param ssimulacra2 percentiles of the scores of the others, by per cent; empty if none has a score
     */
    public record Archive(long pictures, long bytesBefore, long bytesAfter, long lossless, Map<String, Double> ssimulacra2) {

        /** Bytes that the archive takes less; negative if it takes more. */
        public long bytesSaved() {
            return bytesBefore - bytesAfter;
        }
    }

    /**
     * What a run took.
     *
     * @param written             SEM files that it wrote
     * @param kept                those of earlier runs that it found fitting
     * @param seconds             from its begin to its end
     * @param coreHours           that tasks spent on pictures
     * @param picturesPerCoreHour written ones; 0 if none were
     * @param coreHoursPerGb      per 10^9 bytes of sources that were written; 0 if none were
     */
    public record Run(long written, long kept, double seconds, double coreHours, double picturesPerCoreHour, double coreHoursPerGb) {
    }

    /** Counts a table of outcomes. */
    static Summary of(Dataset<Row> outcomes, double seconds) {
        Dataset<Row> archived = outcomes.where(outcomes.col("state").notEqual(Outcome.QUARANTINED));
        String percents = String.join(",", PERCENTS.stream().map(p -> String.format(Locale.ROOT, "%.2f", p / 100.0)).toList());
        Row all = archived.agg(functions.expr("count(*)"), functions.expr("coalesce(sum(length), 0L)"),
                functions.expr("coalesce(sum(targetLength), 0L)"), functions.expr("count_if(profile = 'lossless')"),
                functions.expr("percentile(ssimulacra2, array(" + percents + "))")).first();
        Map<String, Double> scores = new LinkedHashMap<>();
        List<Double> values = all.isNullAt(4) ? List.of() : all.getList(4);
        for (int i = 0; i < values.size(); i++) {
            scores.put("p" + PERCENTS.get(i), rounded(values.get(i)));
        }
        Map<String, Long> quarantined = new TreeMap<>();
        outcomes.where(outcomes.col("state").equalTo(Outcome.QUARANTINED)).groupBy("reason").count().collectAsList()
                .forEach(row -> quarantined.put(row.getString(0), row.getLong(1)));
        return new Summary(new Archive(all.getLong(0), all.getLong(1), all.getLong(2), all.getLong(3), scores), quarantined,
                run(outcomes, seconds));
    }

    private static Run run(Dataset<Row> outcomes, double seconds) {
        Row run = outcomes.agg(functions.expr("count_if(state = '" + Outcome.WRITTEN + "')"),
                functions.expr("count_if(state = '" + Outcome.KEPT + "')"), functions.expr("coalesce(sum(milliseconds), 0L)"),
                functions.expr("coalesce(sum(length) filter (where state = '" + Outcome.WRITTEN + "'), 0L)")).first();
        long written = run.getLong(0);
        double hours = run.getLong(2) / 1000.0 / SECONDS_PER_HOUR;
        boolean known = written > 0 && hours > 0;
        return new Run(written, run.getLong(1), rounded(seconds), hours, known ? Math.round(written / hours) : 0,
                known ? rounded(hours / (run.getLong(3) / 1e9)) : 0);
    }

    private static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }

    /** As a JSON object. */
    public String json() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("pictures", archive.pictures);
        fields.put("bytesBefore", archive.bytesBefore);
        fields.put("bytesAfter", archive.bytesAfter);
        fields.put("bytesSaved", archive.bytesSaved());
        fields.put("lossless", archive.lossless);
        fields.put("ssimulacra2", archive.ssimulacra2);
        fields.put("quarantined", quarantined);
        fields.put("run", run);
        try {
            return new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(fields) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("numbers and texts have a form in JSON", e);
        }
    }

    /** In lines for people. */
    public String text() {
        double saved = archive.bytesBefore == 0 ? 0 : 100.0 * archive.bytesSaved() / archive.bytesBefore;
        long bad = quarantined.values().stream().mapToLong(Long::longValue).sum();
        return String.format(Locale.ROOT, "pictures     %d, %d of them without loss%n", archive.pictures, archive.lossless)
                + String.format(Locale.ROOT, "bytes        %d before, %d after, %d saved (%.1f %%)%n", archive.bytesBefore,
                archive.bytesAfter, archive.bytesSaved(), saved)
                + String.format(Locale.ROOT, "SSIMULACRA 2 %s%n", archive.ssimulacra2.isEmpty() ? "none" : archive.ssimulacra2)
                + String.format(Locale.ROOT, "quarantine   %d %s%n", bad, quarantined)
                + String.format(Locale.ROOT, "this run     %d written, %d kept, %.1f s, %.0f pictures a core-hour, %.2f core-hours a GB%n",
                run.written, run.kept, run.seconds, run.picturesPerCoreHour, run.coreHoursPerGb);
    }
}

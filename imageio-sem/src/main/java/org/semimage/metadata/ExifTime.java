// SPDX-License-Identifier: Apache-2.0
package org.semimage.metadata;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times as Exif writes them: {@code YYYY:MM:DD HH:MM:SS}, without a zone. */
public final class ExifTime {

    private static final Pattern TIME = Pattern.compile("([0-9]{4}):([0-9]{2}):([0-9]{2}) ([0-9]{2}):([0-9]{2}):([0-9]{2})");

    /** What Exif writes for a time that is not known. */
    private static final Pattern UNKNOWN = Pattern.compile("[ :]*");

    private static final int LAST_YEAR = 9999;

    private ExifTime() {
    }

    /** The time that a text says; empty if it says none, or one that there is not, such as one in month 0. */
    public static Optional<LocalDateTime> parse(String text) {
        Matcher matcher = TIME.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        int[] fields = new int[6];
        for (int i = 0; i < fields.length; i++) {
            fields[i] = Integer.parseInt(matcher.group(i + 1));
        }
        try {
            return Optional.of(of(fields));
        } catch (DateTimeException e) {
            return Optional.empty(); // which is what callers are told
        }
    }

    /**
     * A time of year, month, day, hour, minute and second. A leap second counts as the second before it.
     *
     * @throws DateTimeException if there is no such time, or Exif cannot write it
     */
    public static LocalDateTime of(int... fields) {
        if (fields[0] < 0 || fields[0] > LAST_YEAR) {
            throw new DateTimeException("year " + fields[0] + " is not in 0.." + LAST_YEAR);
        }
        return LocalDateTime.of(fields[0], fields[1], fields[2], fields[3], fields[4], fields[5] == 60 ? 59 : fields[5]);
    }

    /** The text for a time. */
    public static String format(LocalDateTime time) {
        return String.format(Locale.ROOT, "%04d:%02d:%02d %02d:%02d:%02d",
                time.getYear(), time.getMonthValue(), time.getDayOfMonth(), time.getHour(), time.getMinute(), time.getSecond());
    }

    /** Whether a text says that the time is not known. */
    static boolean isUnknown(String text) {
        return UNKNOWN.matcher(text).matches();
    }
}

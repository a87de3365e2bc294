package io.softq4j.chat.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** What Python's strings do otherwise than Java's: they count code points, and have a larger idea of white space. */
final class Strings {

    private Strings() {
    }

    static boolean isSpace(int c) {
        return c >= 9 && c <= 13 || c >= 28 && c <= 32 || c == 0x85 || c == 0xa0
                || c > 0xff && Character.isSpaceChar(c);
    }

    static String strip(String s, boolean left, boolean right) {
        int start = 0;
        int end = s.length();
        while (left && start < end && isSpace(s.charAt(start))) {
            start++;
        }
        while (right && end > start && isSpace(s.charAt(end - 1))) {
            end--;
        }
        return s.substring(start, end);
    }

    /** Takes off characters of a set. */
    static String strip(String s, String characters, boolean left, boolean right) {
        int start = 0;
        int end = s.length();
        while (left && start < end && characters.indexOf(s.codePointAt(start)) >= 0) {
            start += Character.charCount(s.codePointAt(start));
        }
        while (right && end > start && characters.indexOf(s.codePointBefore(end)) >= 0) {
            end -= Character.charCount(s.codePointBefore(end));
        }
        return s.substring(start, end);
    }

    static int length(String s) {
        return s.codePointCount(0, s.length());
    }

    /** The first {@code most} code points, or all. */
    static String head(String s, long most) {
        return s.length() <= most || length(s) <= most ? s : s.substring(0, s.offsetByCodePoints(0, (int) most));
    }

    /** In the order of code points. */
    static int compare(String a, String b) {
        for (int i = 0; i < a.length() && i < b.length(); i++) {
            if (a.charAt(i) != b.charAt(i)) {
                return Integer.compare(a.codePointAt(i), b.codePointAt(i));
            }
        }
        return Integer.compare(a.length(), b.length());
    }

    /** The code points from {@code start}, each {@code step} after the one before, {@code count} of them. */
    static String slice(String s, int start, int step, int count) {
        boolean one = length(s) == s.length();
        if (step == 1) {
            int from = one ? start : s.offsetByCodePoints(0, start);
            return s.substring(from, one ? from + count : s.offsetByCodePoints(from, count));
        }
        int[] all = s.codePoints().toArray();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.appendCodePoint(all[start + i * step]);
        }
        return text.toString();
    }

    /** Between separators; at most {@code most} cuts, all if it is below zero. */
    static List<Object> split(String s, String separator, long most, Run run) {
        List<Object> parts = new ArrayList<>();
        int start = 0;
        int next;
        while ((most < 0 || parts.size() < most) && (next = s.indexOf(separator, start)) >= 0) {
            run.items(1);
            parts.add(s.substring(start, next));
            start = next + separator.length();
        }
        parts.add(s.substring(start));
        return parts;
    }

    /** As {@link #split}, cut from the end. */
    static List<Object> splitFromEnd(String s, String separator, long most, Run run) {
        List<Object> parts = new ArrayList<>();
        int end = s.length();
        int next;
        while ((most < 0 || parts.size() < most) && end >= separator.length()
                && (next = s.lastIndexOf(separator, end - separator.length())) >= 0) {
            run.items(1);
            parts.add(s.substring(next + separator.length(), end));
            end = next;
        }
        parts.add(s.substring(0, end));
        Collections.reverse(parts);
        return parts;
    }

    /** Words between white space; at most {@code most} cuts, all if it is below zero. */
    static List<Object> words(String s, long most, Run run) {
        List<Object> words = new ArrayList<>();
        int at = skipSpace(s, 0);
        while (at < s.length()) {
            run.items(1);
            if (most >= 0 && words.size() == most) {
                words.add(strip(s.substring(at), false, true));
                break;
            }
            int end = at;
            while (end < s.length() && !isSpace(s.charAt(end))) {
                end++;
            }
            words.add(s.substring(at, end));
            at = skipSpace(s, end);
        }
        return words;
    }

    private static int skipSpace(String s, int from) {
        int at = from;
        while (at < s.length() && isSpace(s.charAt(at))) {
            at++;
        }
        return at;
    }

    static List<Object> lines(String s, boolean keepEnds, Run run) {
        List<Object> lines = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < s.length(); i++) {
            char c = s.charAt(i);
            if (c >= 10 && c <= 13 || c >= 28 && c <= 30 || c == 0x85 || c == 0x2028 || c == 0x2029) {
                int after = c == '\r' && i + 1 < s.length() && s.charAt(i + 1) == '\n' ? i + 2 : i + 1;
                run.items(1);
                lines.add(s.substring(start, keepEnds ? after : i));
                start = after;
                i = after - 1;
            }
        }
        if (start < s.length()) {
            lines.add(s.substring(start));
        }
        return lines;
    }

    /** The first character large, the others small. */
    static String capitalize(String s) {
        if (s.isEmpty()) {
            return s;
        }
        int first = Character.charCount(s.codePointAt(0));
        return titled(s.codePointAt(0)) + lower(s.substring(first));
    }

    /** A large letter after whatever is no letter. */
    static String title(String s) {
        StringBuilder text = new StringBuilder(s.length());
        boolean within = false;
        for (int i = 0; i < s.length(); i += Character.charCount(s.codePointAt(i))) {
            int c = s.codePointAt(i);
            text.append(within ? lower(Character.toString(c)) : titled(c));
            within = Character.isUpperCase(c) || Character.isLowerCase(c) || Character.isTitleCase(c);
        }
        return text.toString();
    }

    private static String titled(int c) {
        return c == 'ß' ? "Ss" : Character.toString(Character.toTitleCase(c));
    }

    static String upper(String s) {
        return s.toUpperCase(Locale.ROOT);
    }

    static String lower(String s) {
        return s.toLowerCase(Locale.ROOT);
    }
}

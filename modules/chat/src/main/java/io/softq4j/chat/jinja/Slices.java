package io.softq4j.chat.jinja;

import java.util.ArrayList;
import java.util.List;

/** Parts of lists and strings: {@code x[start:stop:step]}, places below zero counted from the end. */
final class Slices {

    private Slices() {
    }

    /**
     * A slice.
     *
     * @param start null or {@link None} for the beginning
     * @param stop  null or None for the end
     * @param step  null or None for 1
     * @throws TemplateError if {@code value} is neither a list nor a string, or a bound is no whole number
     */
    static Object slice(Object value, Object start, Object stop, Object step, Run run) {
        if (!(value instanceof List || value instanceof String)) {
            throw value instanceof Undefined u ? u.error() : new TemplateError("a " + Values.kind(value) + " has no slices");
        }
        long by = given(step) ? Numbers.index(step) : 1;
        if (by == 0) {
            throw new TemplateError("a slice by steps of 0");
        }
        long length = Values.length(value, run);
        // for steps backwards, the places are -1 (before the first) up to length - 1
        long low = by > 0 ? 0 : -1;
        long high = by > 0 ? length : length - 1;
        long from = given(start) ? place(Numbers.index(start), length, low, high) : by > 0 ? low : high;
        long to = given(stop) ? place(Numbers.index(stop), length, low, high) : by > 0 ? high : low;
        long distance = by > 0 ? to - from : from - to;
        // a step beyond the length is as good as the length
        long stride = Math.max(-length - 1, Math.min(length + 1, by));
        int count = distance <= 0 ? 0 : (int) ((distance - 1) / Math.abs(stride) + 1);
        if (value instanceof String s) {
            // other steps go over all characters
            run.characters(stride == 1 ? count : 2 * length);
            return Strings.slice(s, (int) from, (int) stride, count);
        }
        return list((List<?>) value, (int) from, (int) stride, count, run);
    }

    private static Object list(List<?> list, int from, int stride, int count, Run run) {
        run.items(count);
        List<Object> items = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            items.add(list.get(from + i * stride));
        }
        return list instanceof Tuple ? new Tuple(items) : items;
    }

    private static boolean given(Object bound) {
        return bound != null && bound != None.NONE;
    }

    private static long place(long index, long length, long low, long high) {
        return Math.max(low, Math.min(high, index < 0 ? index + length : index));
    }
}

package io.softq4j.chat.jinja;

import java.util.AbstractList;
import java.util.RandomAccess;

/** Python's range, of at most {@value #LONGEST} numbers as in Jinja's sandbox. */
final class Range extends AbstractList<Object> implements RandomAccess {

    private static final int LONGEST = 100_000;

    private final long start;
    private final long stop;
    private final long step;
    private final int size;

    Range(long start, long stop, long step) {
        if (step == 0) {
            throw new TemplateError("range() by steps of 0");
        }
        double numbers = Math.ceil(((double) stop - start) / step);
        if (numbers > LONGEST) {
            throw new TemplateError("range() of more than " + LONGEST + " numbers");
        }
        this.start = start;
        this.stop = stop;
        this.step = step;
        this.size = (int) Math.max(0, numbers);
    }

    @Override
    public Object get(int index) {
        return start + index * step;
    }

    /** As Python writes it. */
    @Override
    public String toString() {
        return "range(" + start + ", " + stop + (step == 1 ? ")" : ", " + step + ")");
    }

    @Override
    public int size() {
        return size;
    }
}

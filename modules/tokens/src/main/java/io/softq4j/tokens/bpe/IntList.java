package io.softq4j.tokens.bpe;

import java.util.Arrays;

/** A growing list of ids. */
final class IntList {

    private static final int[] NONE = {};

    private int[] values;
    private int size;

    IntList(int expected) {
        values = new int[Math.max(8, expected)];
    }

    void add(int value) {
        if (size == values.length) {
            values = Arrays.copyOf(values, 2 * size);
        }
        values[size++] = value;
    }

    void addAll(int[] more) {
        if (size + more.length > values.length) {
            values = Arrays.copyOf(values, Math.max(2 * values.length, size + more.length));
        }
        for (int value : more) {   // one or two, as a rule
            values[size++] = value;
        }
    }

    int size() {
        return size;
    }

    int[] toArray() {
        return size == 0 ? NONE : Arrays.copyOf(values, size);
    }
}

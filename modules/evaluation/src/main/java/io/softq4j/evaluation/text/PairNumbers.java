package io.softq4j.evaluation.text;

import java.util.Arrays;

/** Numbers for pairs of numbers, in the order in which the pairs are first seen: a hash table of primitives with open addressing. */
final class PairNumbers {

    private static final int EMPTY = -1;

    private long[] pairs;
    private int[] numbers;
    private int size;

    PairNumbers(int expected) {
        allocate(Integer.highestOneBit(Math.max(8, Math.min(expected, 1 << 28))) << 2);
    }

    /** How many different pairs there are. */
    int size() {
        return size;
    }

    /** The number of a pair, a new one if it was not seen yet. */
    int number(int first, int second) {
        long pair = (long) first << 32 | second & 0xffffffffL;
        int at = place(pair);
        if (numbers[at] != EMPTY) {
            return numbers[at];
        }
        pairs[at] = pair;
        numbers[at] = size++;
        int number = numbers[at];
        if (2 * size > pairs.length) {
            grow();
        }
        return number;
    }

    private int place(long pair) {
        long hash = pair * 0x9e3779b97f4a7c15L;
        int mask = pairs.length - 1;
        int at = (int) (hash >>> 32) & mask;
        while (numbers[at] != EMPTY && pairs[at] != pair) {
            at = at + 1 & mask;
        }
        return at;
    }

    private void grow() {
        long[] oldPairs = pairs;
        int[] oldNumbers = numbers;
        allocate(2 * oldPairs.length);
        for (int i = 0; i < oldPairs.length; i++) {
            if (oldNumbers[i] != EMPTY) {
                int at = place(oldPairs[i]);
                pairs[at] = oldPairs[i];
                numbers[at] = oldNumbers[i];
            }
        }
    }

    private void allocate(int capacity) {
        pairs = new long[capacity];
        numbers = new int[capacity];
        Arrays.fill(numbers, EMPTY);
    }
}

package io.softq4j.tokens.bpe;

import java.util.Arrays;

/** From pairs of token ids, packed into a long that is never negative, to an index; open addressing, no boxing. Nothing is ever removed. */
final class LongIntMap {

    private long[] keys;
    private int[] values;
    private int size;

    LongIntMap(int expected) {
        allocate(Integer.highestOneBit(Math.max(8, expected)) * 4);
    }

    /** The pair {@code (a, b)} as a key. */
    static long pair(int a, int b) {
        return (long) a << 32 | b;
    }

    static int first(long pair) {
        return (int) (pair >>> 32);
    }

    static int second(long pair) {
        return (int) pair;
    }

    /** The value of {@code key}, or -1. */
    int get(long key) {
        int slot = slot(key);
        return keys[slot] == key ? values[slot] : -1;
    }

    /** Sets the value of {@code key}, which must be new or is replaced. */
    void put(long key, int value) {
        int slot = slot(key);
        if (keys[slot] != key) {
            keys[slot] = key;
            if (++size * 2 > keys.length) {
                values[slot] = value;
                grow();
                return;
            }
        }
        values[slot] = value;
    }

    private int slot(long key) {
        long h = key * 0x9E3779B97F4A7C15L;
        int slot = (int) (h >>> 32) & keys.length - 1;
        while (keys[slot] != key && keys[slot] != -1) {
            slot = slot + 1 & keys.length - 1;
        }
        return slot;
    }

    private void grow() {
        long[] oldKeys = keys;
        int[] oldValues = values;
        allocate(keys.length * 2);
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != -1) {
                int slot = slot(oldKeys[i]);
                keys[slot] = oldKeys[i];
                values[slot] = oldValues[i];
            }
        }
    }

    private void allocate(int capacity) {
        keys = new long[capacity];
        values = new int[capacity];
        Arrays.fill(keys, -1);
    }
}

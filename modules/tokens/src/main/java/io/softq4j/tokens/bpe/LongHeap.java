package io.softq4j.tokens.bpe;

import java.util.Arrays;

/** A binary heap of longs, the smallest first; no boxing. */
final class LongHeap {

    private long[] heap;
    private int size;

    LongHeap(int expected) {
        heap = new long[Math.max(16, expected)];
    }

    boolean isEmpty() {
        return size == 0;
    }

    void add(long value) {
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, 2 * size);
        }
        int i = size++;
        while (i > 0 && heap[i - 1 >>> 1] > value) {
            heap[i] = heap[i - 1 >>> 1];
            i = i - 1 >>> 1;
        }
        heap[i] = value;
    }

    /** Removes the smallest; there must be one. */
    long poll() {
        long least = heap[0];
        long value = heap[--size];
        int i = 0;
        for (int child = 1; child < size; child = 2 * i + 1) {
            if (child + 1 < size && heap[child + 1] < heap[child]) {
                child++;
            }
            if (value <= heap[child]) {
                break;
            }
            heap[i] = heap[child];
            i = child;
        }
        heap[i] = value;
        return least;
    }
}

package io.softq4j.training.rows;

import io.softq4j.common.Streams;

/**
 * A seeded permutation of {@code 0 .. size-1} whose every element is computed by itself, in constant time and memory: a run resumes in the middle of
 * an epoch without replaying it.
 *
 * <p>A balanced Feistel network over the smallest even number of bits that holds {@code size} is a permutation of that power of four, whatever its
 * round function; values outside are fed back until they fall inside (cycle walking, Black and Rogaway 2002), at most four times on average. The
 * round function is {@link Streams#mix}, keyed per round.
 */
final class Permutation {

    private static final int ROUNDS = 6;

    private final long size;
    private final int halfBits;
    private final long halfMask;
    private final long[] keys = new long[ROUNDS];

    Permutation(long size, long seed, long epoch) {
        if (size < 1 || size > 1L << 62) {
            throw new IllegalArgumentException("size " + size);
        }
        this.size = size;
        int bits = 64 - Long.numberOfLeadingZeros(size - 1);
        this.halfBits = Math.max(1, (bits + 1) / 2);
        this.halfMask = (1L << halfBits) - 1;
        for (int round = 0; round < ROUNDS; round++) {
            keys[round] = Streams.seed("data order", seed, epoch, round);
        }
    }

    /** Where {@code index} goes; {@code 0 <= index < size}. */
    long at(long index) {
        if (index < 0 || index >= size) {
            throw new IndexOutOfBoundsException(index + " of " + size);
        }
        long value = index;
        do {
            value = feistel(value);
        } while (value >= size);
        return value;
    }

    private long feistel(long value) {
        long left = value >>> halfBits;
        long right = value & halfMask;
        for (long key : keys) {
            long next = left ^ Streams.mix(right + key) & halfMask;
            left = right;
            right = next;
        }
        return left << halfBits | right;
    }
}

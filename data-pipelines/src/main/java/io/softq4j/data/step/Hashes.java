package io.softq4j.data.step;

import io.softq4j.common.Streams;

/**
 * Hashes of 64 bits that are the same on every machine and in every version: the state is multiplied and folded for each eight bytes and finished
 * by the mixer of splitmix64 (Steele, Lea and Flood 2014). Not for use against an adversary.
 */
final class Hashes {

    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private Hashes() {
    }

    /** Of bytes, by one of a family of hashes. @param member which one */
    static long of(byte[] bytes, int member) {
        long state = Streams.mix(member + GOLDEN * (bytes.length + 1L));
        int i = 0;
        for (; i + 8 <= bytes.length; i += 8) {
            long word = 0;
            for (int k = 7; k >= 0; k--) {
                word = word << 8 | bytes[i + k] & 0xFF;
            }
            state = Streams.mix(state ^ word * GOLDEN);
        }
        long rest = 0;
        for (; i < bytes.length; i++) {
            rest = rest << 8 | bytes[i] & 0xFF;
        }
        return Streams.mix(state ^ rest * GOLDEN);
    }

    /** Of a text's characters from {@code from} to {@code to}, exclusive. */
    static long of(CharSequence text, int from, int to) {
        long state = GOLDEN;
        for (int i = from; i < to; i++) {
            state = (state ^ text.charAt(i)) * GOLDEN;
            state ^= state >>> 29;
        }
        return Streams.mix(state);
    }
}

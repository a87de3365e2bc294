package io.softq4j.common;

import java.util.SplittableRandom;

/**
 * Every stream of random numbers in the project: what it is for and the ids that tell it from its like, put through a full mixing function.
 *
 * <pre>
 *   h_0 = 0,   h_{i+1} = mix(h_i xor w_i + golden ratio)     w: the letters of the purpose, then the ids, then how many they are
 * </pre>
 *
 * <p>A generator of the kind of {@link SplittableRandom} goes through its states by adding a constant, so seeds that differ by multiples of
 * that constant give one stream, moved by some places, and seeds that differ little may give streams that begin alike. Here each word
 * passes the finaliser of splitmix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014), a permutation
 * of 64 bits under which near values end up far apart: the start of each stream is as if drawn by itself. No other class adds or multiplies
 * seeds, or makes a generator.
 */
public final class Streams {

    private static final long GOLDEN = 0x9e3779b97f4a7c15L;

    private Streams() {
    }

    /**
     * The stream of a purpose, such as {@code "sampling"}, and its ids, such as the seed the user gave, the prompt's index and the
     * continuation's.
     */
    public static SplittableRandom of(String purpose, long... ids) {
        return new SplittableRandom(seed(purpose, ids));
    }

    /** The seed of that stream, for a generator that is no {@link SplittableRandom}, or for ids below it. */
    public static long seed(String purpose, long... ids) {
        long hash = 0;
        for (int i = 0; i < purpose.length(); i++) {
            hash = mix((hash ^ purpose.charAt(i)) + GOLDEN);
        }
        for (long id : ids) {
            hash = mix((hash ^ id) + GOLDEN);
        }
        return mix((hash ^ ids.length) + GOLDEN);
    }

    /** The finaliser of splitmix64, one to one: every bit of the result depends on every bit of {@code z}. */
    public static long mix(long z) {
        long x = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        x = (x ^ x >>> 27) * 0x94d049bb133111ebL;
        return x ^ x >>> 31;
    }
}

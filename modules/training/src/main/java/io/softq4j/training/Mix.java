package io.softq4j.training;

/** The finaliser of splitmix64 (Steele et al. 2014), a permutation of 64 bits under which near values end up far apart. */
final class Mix {

    private Mix() {
    }

    static long of(long z) {
        long x = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        x = (x ^ x >>> 27) * 0x94d049bb133111ebL;
        return x ^ x >>> 31;
    }
}

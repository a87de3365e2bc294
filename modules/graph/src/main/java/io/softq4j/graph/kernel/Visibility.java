package io.softq4j.graph.kernel;

import java.nio.IntBuffer;

/**
 * Which keys a query may see: those of its segment at positions up to its own. Holds no state but a thread's last answer: the smallest range of
 * keys around what the query sees.
 */
final class Visibility {

    private final IntBuffer positions;
    private final IntBuffer segments;
    private final int length;
    private final ThreadLocal<int[]> range = ThreadLocal.withInitial(() -> new int[2]);

    Visibility(IntBuffer positions, IntBuffer segments, int length) {
        this.positions = positions;
        this.segments = segments;
        this.length = length;
    }

    boolean sees(int sequence, int query, int key) {
        int q = sequence * length + query;
        int k = sequence * length + key;
        return segments.get(k) == segments.get(q) && positions.get(k) <= positions.get(q);
    }

    /** Finds the range of keys that {@code query} sees; it sees itself, so the range is not empty. */
    void look(int sequence, int query) {
        int[] r = range.get();
        r[0] = 0;
        while (!sees(sequence, query, r[0])) {
            r[0]++;
        }
        r[1] = length;
        while (!sees(sequence, query, r[1] - 1)) {
            r[1]--;
        }
    }

    /** First key of the range, rounded down to a whole vector. */
    int from() {
        return range.get()[0] / VectorMath.SPECIES.length() * VectorMath.SPECIES.length();
    }

    /** One past the last key of the range, rounded up to a whole vector. */
    int to() {
        int lanes = VectorMath.SPECIES.length();
        return (range.get()[1] + lanes - 1) / lanes * lanes;
    }
}

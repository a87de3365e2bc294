package io.softq4j.data.step;

import io.softq4j.common.Streams;
import io.softq4j.data.row.DropReason;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.datavec.api.writable.Writable;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Leaves out a row that is nearly one that came before: the sets of their runs of {@value #SHINGLE} words overlap by {@code threshold} or more
 * (Jaccard's index), as MinHash estimates it (Broder 1997) with {@value #HASHES} hashes, a standard error of at most 0.044. Rows that might be near
 * are found by bands of hashes (locality-sensitive hashing, Indyk and Motwani 1998), so that not all pairs are compared. Of rows near each other the
 * first stays. It remembers about a kilobyte of a row kept.
 */
public final class NearDuplicates extends DuplicateFilter<int[]> {

    private static final long serialVersionUID = 1;

    static final int HASHES = 128;
    static final int SHINGLE = 5;
    private static final int[] NONE = {};

    private final double threshold;
    private final int rowsPerBand;
    private final transient List<int[]> kept = new ArrayList<>();
    private final transient Map<Long, int[]> bands = new HashMap<>();

    /** @param threshold Jaccard's index from which on a row is left out, above 0, up to 1 */
    public NearDuplicates(@JsonProperty("threshold") double threshold) {
        this.threshold = threshold;
        this.rowsPerBand = rowsPerBand(threshold);
    }

    /** As many as can be while a pair just at the threshold shares a band with a probability of 99 %. */
    private static int rowsPerBand(double threshold) {
        int rows = 1;
        for (int r = 2; r <= 32; r *= 2) {
            double missed = StrictMath.pow(1 - StrictMath.pow(threshold, r), HASHES / r);
            rows = missed <= 0.01 ? r : rows;
        }
        return rows;
    }

    @Override
    public DropReason reason() {
        return DropReason.NEAR_DUPLICATE;
    }

    /** The least of each hash over the shingles; empty for a text without words, which is near no other. */
    @Override
    public int[] signature(List<Writable> row) {
        long[] shingles = Words.grams(((SegmentsWritable) row.get(0)).text(), SHINGLE);
        if (shingles.length == 0) {
            return NONE;
        }
        int[] least = new int[HASHES];
        Arrays.fill(least, Integer.MAX_VALUE);
        for (long shingle : shingles) {
            int a = (int) shingle;
            int b = (int) (shingle >>> 32) | 1;
            for (int h = 0; h < HASHES; h++) {
                // one member of a family of hashes for each h; the multiplication spreads, the shift keeps the well mixed upper half
                int value = (a + h * b) * 0x9E3779B1;
                value = (value ^ value >>> 15) * 0x85EBCA77 >>> 1;
                least[h] = Math.min(least[h], value);
            }
        }
        return least;
    }

    @Override
    public boolean seen(int[] signature) {
        if (signature.length == 0) {
            return false;
        }
        int bandCount = HASHES / rowsPerBand;
        long[] keys = new long[bandCount];
        for (int band = 0; band < bandCount; band++) {
            long key = band;
            for (int i = band * rowsPerBand; i < (band + 1) * rowsPerBand; i++) {
                key = Streams.mix(key ^ signature[i] * 0x9E3779B97F4A7C15L);
            }
            keys[band] = key;
            for (int other : bands.getOrDefault(key, NONE)) {
                if (similarity(kept.get(other), signature) >= threshold) {
                    return true;
                }
            }
        }
        for (long key : keys) {
            bands.merge(key, new int[] {kept.size()}, NearDuplicates::joined);
        }
        kept.add(signature);
        return false;
    }

    private static int[] joined(int[] a, int[] b) {
        int[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    private static double similarity(int[] a, int[] b) {
        int same = 0;
        for (int h = 0; h < HASHES; h++) {
            same += a[h] == b[h] ? 1 : 0;
        }
        return (double) same / HASHES;
    }

    @Override
    public void forget() {
        kept.clear();
        bands.clear();
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof NearDuplicates d && threshold == d.threshold;
    }

    @Override
    public int hashCode() {
        return Double.hashCode(threshold);
    }

    @Override
    public String toString() {
        return "NearDuplicates(" + threshold + ")";
    }
}

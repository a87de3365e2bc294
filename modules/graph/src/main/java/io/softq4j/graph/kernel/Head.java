package io.softq4j.graph.kernel;

import java.nio.FloatBuffer;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/** Queries, keys and values of one head of one sequence, gathered into this thread's scratch rows and padded with zeros to whole vectors. */
final class Head {

    private static final float HIDDEN = Float.NEGATIVE_INFINITY;

    final float[] queries; // [T, K]
    final float[] keys; // [T, K]
    final float[] values; // [T, K]
    final float[] keysTransposed; // [K, T]
    final float[] valuesTransposed; // [K, T]
    final float scale;
    private final Layout layout;
    private final int sequence;
    private final int width;
    private final int length;

    Head(Layout layout, FloatBuffer qkv, int sequence, int head) {
        this.layout = layout;
        this.sequence = sequence;
        this.width = layout.paddedWidth();
        this.length = layout.paddedLength();
        this.scale = (float) (1 / Math.sqrt(layout.headWidth()));
        queries = gather(0, layout, qkv, sequence, head * layout.headWidth());
        keys = gather(1, layout, qkv, sequence, layout.width() + head * layout.headWidth());
        values = gather(2, layout, qkv, sequence, 2 * layout.width() + head * layout.headWidth());
        keysTransposed = transpose(3, keys);
        valuesTransposed = transpose(4, values);
    }

    private float[] gather(int slot, Layout layout, FloatBuffer qkv, int sequence, int offset) {
        float[] rows = Scratch.row(slot, length * width);
        Arrays.fill(rows, 0, length * width, 0f);
        for (int t = 0; t < layout.length(); t++) {
            qkv.get(layout.row(sequence, t) * 3 * layout.width() + offset, rows, t * width, layout.headWidth());
        }
        return rows;
    }

    private float[] transpose(int slot, float[] rows) {
        float[] columns = Scratch.row(slot, width * length);
        for (int t = 0; t < length; t++) {
            for (int k = 0; k < width; k++) {
                columns[k * length + t] = rows[t * width + k];
            }
        }
        return columns;
    }

    /** Scaled scores of query {@code i} over the range it sees, minus infinity where it does not. @return the largest */
    float scores(int i, Visibility visibility, float[] scores) {
        visibility.look(sequence, i);
        products(queries, i * width, keysTransposed, visibility, scale, scores);
        int end = Math.min(visibility.to(), layout.length());
        for (int j = visibility.from(); j < end; j++) {
            if (!visibility.sees(sequence, i, j)) {
                scores[j] = HIDDEN;
            }
        }
        Arrays.fill(scores, end, visibility.to(), HIDDEN);
        float max = HIDDEN;
        for (int j = visibility.from(); j < end; j++) {
            max = Math.max(max, scores[j]);
        }
        return max;
    }

    /** out[j] = factor (row . column j) over the range; {@code columns} is [K, T]. */
    void products(float[] row, int at, float[] columns, Visibility visibility, float factor, float[] out) {
        int to = visibility.to();
        for (int j = visibility.from(); j < to; j += VectorMath.SPECIES.length()) {
            FloatVector sum = FloatVector.zero(VectorMath.SPECIES);
            for (int k = 0; k < layout.headWidth(); k++) {
                FloatVector column = FloatVector.fromArray(VectorMath.SPECIES, columns, k * length + j);
                sum = column.fma(FloatVector.broadcast(VectorMath.SPECIES, row[at + k]), sum);
            }
            sum.mul(factor).intoArray(out, j);
        }
    }

    /** out = factor sum_j weights[j] rows[j]; {@code rows} is [T, K]. */
    void weightedSum(float[] rows, float[] weights, Visibility visibility, float factor, float[] out) {
        int to = visibility.to();
        for (int k = 0; k < width; k += VectorMath.SPECIES.length()) {
            FloatVector sum = FloatVector.zero(VectorMath.SPECIES);
            for (int j = visibility.from(); j < to; j++) {
                sum = FloatVector.fromArray(VectorMath.SPECIES, rows, j * width + k).fma(FloatVector.broadcast(VectorMath.SPECIES, weights[j]), sum);
            }
            sum.mul(factor).intoArray(out, k);
        }
    }

    /** rows[j] += weights[j] row over the range. */
    void addOuter(float[] rows, float[] weights, float[] row, int at, Visibility visibility) {
        int to = Math.min(visibility.to(), layout.length());
        for (int k = 0; k < width; k += VectorMath.SPECIES.length()) {
            FloatVector add = FloatVector.fromArray(VectorMath.SPECIES, row, at + k);
            for (int j = visibility.from(); j < to; j++) {
                FloatVector old = FloatVector.fromArray(VectorMath.SPECIES, rows, j * width + k);
                add.fma(FloatVector.broadcast(VectorMath.SPECIES, weights[j]), old).intoArray(rows, j * width + k);
            }
        }
    }
}

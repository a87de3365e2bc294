package io.softq4j.graph.cpu;

import io.softq4j.graph.kernel.ChunkedHead;
import io.softq4j.graph.machine.Memory;
import io.softq4j.graph.machine.Products;
import io.softq4j.graph.machine.Rows;
import io.softq4j.graph.machine.Scratch;
import io.softq4j.graph.machine.Workers;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The forward half of {@link ChunkedHead}: logits and values of one chunk of rows after another. Row 0 of a chunk is the last row of the
 * chunk before, whose gradient had to wait for the value of the row after it; the rows of the chunk itself begin at 1.
 */
final class HeadValues {

    private static final ThreadLocal<double[]> SUMS = ThreadLocal.withInitial(() -> new double[2]);

    private final HeadChunk chunk;
    private final double tau;
    private final HeadTerms terms;
    private final FloatBuffer hidden;
    private final long tableAt;
    private final IntBuffer picked;
    private final FloatBuffer value;
    private final FloatBuffer chosen;
    private final FloatBuffer entropy;
    private final FloatBuffer logits;
    private final long logitsAt;
    private final FloatBuffer chunkHidden;
    private final long chunkHiddenAt;
    private final int[] needed;
    private final float[] max;
    private final double[] sum;
    private final double[] weighted;
    private final double[] totals; // of the terms' functions, as many as there are for each of the others
    private int count;
    private int begin;
    private int size;

    /** @param scratch for logits and hidden states of a chunk */
    HeadValues(HeadChunk chunk, double tau, HeadTerms terms, List<INDArray> inputs, List<INDArray> outputs, List<INDArray> scratch) {
        this.chunk = chunk;
        this.tau = tau;
        this.terms = terms;
        hidden = Memory.floats(inputs.get(ChunkedHead.HIDDEN));
        tableAt = Memory.address(inputs.get(ChunkedHead.TABLE));
        picked = Memory.ints(inputs.get(ChunkedHead.CHOSEN));
        value = Memory.floats(outputs.get(0));
        chosen = Memory.floats(outputs.get(1));
        entropy = Memory.floats(outputs.get(2));
        logits = Memory.floats(scratch.get(0));
        logitsAt = Memory.address(scratch.get(0));
        chunkHidden = Memory.floats(scratch.get(1));
        chunkHiddenAt = Memory.address(scratch.get(1));
        needed = new int[(int) inputs.get(ChunkedHead.HIDDEN).size(0)];
        int partial = chunk.tiles() * (chunk.rows() + 1);
        max = new float[partial];
        sum = new double[partial];
        weighted = new double[partial];
        totals = new double[partial * terms.sums()];
    }

    /** Finds the rows that count and begins before the first. */
    void start() {
        count = 0;
        for (int row = 0; row < needed.length; row++) {
            if (terms.involve(row)) {
                needed[count++] = row;
            } else {
                value.put(row, 0f);
                chosen.put(row, 0f);
                entropy.put(row, 0f);
                keepSums(row, -1);
            }
        }
        begin = 0;
        size = 0;
    }

    /** Computes the next chunk. @return false where there is none */
    boolean next() {
        begin += size;
        size = Math.min(chunk.rows(), count - begin);
        if (size == 0) {
            return false;
        }
        for (int i = 1; i <= size; i++) {
            chunkHidden.put(i * chunk.width(), hidden, row(i) * chunk.width(), chunk.width());
        }
        Workers.forEach(chunk.tiles(), this::tile);
        Workers.rows(size, chunk.tiles() * 64, (piece, from, to) -> {
            for (int i = from + 1; i <= to; i++) {
                combine(i);
            }
        });
        return true;
    }

    /** Keeps the last row of the chunk for the next. */
    void carry() {
        logits.put(0, logits, size * chunk.stride(), chunk.vocabulary());
        chunkHidden.put(0, chunkHidden, size * chunk.width(), chunk.width());
    }

    /** Number of the row of the batch that is row {@code i} of the chunk. */
    int row(int i) {
        return needed[begin + i - 1];
    }

    /** First row of the chunk whose gradient is due: the carried one, where there is one. */
    int firstDue() {
        return begin == 0 ? 1 : 0;
    }

    /** Last row whose gradient is due: all but the last of the chunk, unless it is the last of all. */
    int lastDue() {
        return begin + size == count ? size : size - 1;
    }

    /**
     * Logits of a tile, and of each row the largest, the sum of the exponentials and their mean exponent, while the tile is in the cache.
     */
    private void tile(int tile) {
        int column = chunk.column(tile);
        int columns = chunk.columns(tile);
        long width = chunk.width();
        Products.nt(size, columns, width, chunkHiddenAt + 4L * width, width, tableAt + 4L * column * width, width, 0,
                logitsAt + 4L * (chunk.stride() + column), chunk.stride());
        float[] row = Scratch.row(0, HeadChunk.TILE);
        double[] sums = SUMS.get();
        for (int i = 1; i <= size; i++) {
            logits.get(i * chunk.stride() + column, row, 0, columns);
            int at = tile * (chunk.rows() + 1) + i;
            max[at] = Rows.max(row, columns);
            sums[0] = 0;
            sums[1] = 0;
            SoftMax.sums(row, columns, max[at], tau, sums);
            sum[at] = sums[0];
            weighted[at] = sums[1];
            if (terms.haveFunctions()) {
                Arrays.fill(totals, at * terms.sums(), (at + 1) * terms.sums(), 0);
                terms.sum(row, column, columns, totals, at * terms.sums());
            }
        }
    }

    private void combine(int i) {
        int step = chunk.rows() + 1;
        float most = Float.NEGATIVE_INFINITY;
        for (int at = i; at < max.length; at += step) {
            most = Math.max(most, max[at]);
        }
        double total = 0;
        double mean = 0;
        for (int at = i; at < max.length; at += step) {
            double shift = (max[at] - most) / tau;
            double factor = StrictMath.exp(shift);
            total += factor * sum[at];
            mean += factor * (weighted[at] + shift * sum[at]);
        }
        double log = StrictMath.log(total);
        int row = row(i);
        value.put(row, (float) (most + tau * log));
        chosen.put(row, logits.get(i * chunk.stride() + picked.get(row)));
        entropy.put(row, (float) (log - mean / total));
        keepSums(row, i);
    }

    /** @param i the row's number in the chunk, or -1 where it is left out */
    private void keepSums(int row, int i) {
        for (int k = 0; k < terms.sums(); k++) {
            double all = 0;
            for (int at = i; i >= 0 && at < max.length; at += chunk.rows() + 1) {
                all += totals[at * terms.sums() + k];
            }
            terms.keep(k, row, all);
        }
    }
}

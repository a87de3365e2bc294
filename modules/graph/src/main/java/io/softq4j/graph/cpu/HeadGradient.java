package io.softq4j.graph.cpu;

import io.softq4j.graph.kernel.ChunkedHead;
import io.softq4j.graph.kernel.RowGradient;
import io.softq4j.graph.machine.Floats;
import io.softq4j.graph.machine.Memory;
import io.softq4j.graph.machine.Products;
import io.softq4j.graph.machine.Scratch;
import io.softq4j.graph.machine.Workers;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The backward half of {@link ChunkedHead}: for the rows of a chunk whose next value is known the logits become their gradient, tile by
 * tile, and while a tile is in the cache it goes into dE and dh, or into the one that is wanted.
 */
final class HeadGradient {

    /**
     * What is written.
     *
     * @param logits         of a chunk, scratch
     * @param chunkHidden    the hidden states of a chunk, scratch
     * @param hiddenGradient dh; null where not wanted
     * @param partial        what each group of tiles adds to dh, scratch; null as {@code hiddenGradient}
     * @param tableGradient  dE; null where not wanted
     */
    record Targets(INDArray logits, INDArray chunkHidden, INDArray hiddenGradient, INDArray partial, INDArray tableGradient) {
    }

    private final HeadChunk chunk;
    private final double tau;
    private final HeadTerms terms;
    private final HeadValues values;
    private final IntBuffer picked;
    private final boolean ofHidden;
    private final boolean ofTable;
    private final FloatBuffer value;
    private final FloatBuffer hiddenGradient;
    private final FloatBuffer logits;
    private final FloatBuffer partial;
    private final long tableAt;
    private final long tableGradientAt;
    private final long logitsAt;
    private final long chunkHiddenAt;
    private final long partialAt;
    private final float[] a;
    private final float[] b;
    private final float[] c;
    private final RowGradient gradient = new RowGradient();

    HeadGradient(HeadChunk chunk, double tau, HeadTerms terms, List<INDArray> inputs, INDArray value, HeadValues values, Targets targets) {
        this.chunk = chunk;
        this.tau = tau;
        this.terms = terms;
        this.values = values;
        picked = Memory.ints(inputs.get(ChunkedHead.CHOSEN));
        this.value = Memory.floats(value);
        ofHidden = targets.hiddenGradient() != null;
        ofTable = targets.tableGradient() != null;
        hiddenGradient = ofHidden ? Memory.floats(targets.hiddenGradient()) : null;
        logits = Memory.floats(targets.logits());
        partial = ofHidden ? Memory.floats(targets.partial()) : null;
        tableAt = Memory.address(inputs.get(ChunkedHead.TABLE));
        tableGradientAt = ofTable ? Memory.address(targets.tableGradient()) : 0;
        logitsAt = Memory.address(targets.logits());
        chunkHiddenAt = Memory.address(targets.chunkHidden());
        partialAt = ofHidden ? Memory.address(targets.partial()) : 0;
        a = new float[chunk.rows() + 1];
        b = new float[chunk.rows() + 1];
        c = new float[chunk.rows() + 1];
    }

    /** Rows that are left out have no gradient. */
    void start() {
        if (ofHidden) {
            Floats.zero(hiddenGradient);
        }
    }

    void run() {
        int first = values.firstDue();
        int last = values.lastDue();
        if (last < first) {
            return;
        }
        for (int i = first; i <= last; i++) {
            coefficients(i, values.row(i));
        }
        Workers.forEach(chunk.groups(), group -> {
            for (int tile = chunk.firstTile(group); tile < chunk.firstTile(group + 1); tile++) {
                tile(group, tile, first, last);
            }
        });
        if (!ofHidden) {
            return;
        }
        Workers.rows(last - first + 1, chunk.width() * chunk.groups(), (piece, from, to) -> {
            for (int i = first + from; i < first + to; i++) {
                gather(i);
            }
        });
    }

    private void coefficients(int i, int row) {
        terms.differentiate(row, gradient);
        a[i] = gradient.a();
        b[i] = gradient.b();
        c[i] = gradient.c();
    }

    private void tile(int group, int tile, int first, int last) {
        int column = chunk.column(tile);
        int columns = chunk.columns(tile);
        float[] z = Scratch.row(0, HeadChunk.TILE);
        for (int i = first; i <= last; i++) {
            int at = i * chunk.stride() + column;
            int row = values.row(i);
            if (a[i] == 0 && c[i] == 0) {
                Arrays.fill(z, 0, columns, 0f);
            } else {
                logits.get(at, z, 0, columns);
                SoftMax.gradient(z, columns, value.get(row), tau, a[i], c[i]);
            }
            int pick = picked.get(row) - column;
            if (pick >= 0 && pick < columns) {
                z[pick] += b[i];
            }
            if (terms.haveFunctions()) {
                float[] untouched = Scratch.row(1, HeadChunk.TILE);
                logits.get(at, untouched, 0, columns);
                terms.differentiate(row, untouched, column, columns, z);
            }
            logits.put(at, z, 0, columns);
        }
        long width = chunk.width();
        long rows = last - first + 1;
        long gradientAt = logitsAt + 4L * ((long) first * chunk.stride() + column);
        if (ofTable) {
            Products.tn(columns, width, rows, gradientAt, chunk.stride(), chunkHiddenAt + 4L * first * width, width, 1,
                    tableGradientAt + 4L * column * width, width);
        }
        if (ofHidden) {
            Products.nn(rows, width, columns, gradientAt, chunk.stride(), tableAt + 4L * column * width, width,
                    tile == chunk.firstTile(group) ? 0 : 1, partialAt + 4L * partialRow(group, first) * width, width);
        }
    }

    private long partialRow(int group, int i) {
        return (long) group * (chunk.rows() + 1) + i;
    }

    /** dh of a row: the sum of what the groups gave, in their order. */
    private void gather(int i) {
        int width = chunk.width();
        float[] total = Scratch.row(0, width);
        float[] more = Scratch.row(1, width);
        partial.get((int) partialRow(0, i) * width, total, 0, width);
        for (int group = 1; group < chunk.groups(); group++) {
            partial.get((int) partialRow(group, i) * width, more, 0, width);
            Floats.add(total, more, width);
        }
        hiddenGradient.put(values.row(i) * width, total, 0, width);
    }
}

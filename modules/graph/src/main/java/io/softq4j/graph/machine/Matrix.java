package io.softq4j.graph.machine;

import java.nio.FloatBuffer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Rows of a float32 matrix that may be larger than the 2 GiB of one NIO view, such as the embedding of 151,936 tokens in 4,096 dimensions:
 * one view for each stretch of rows.
 */
public final class Matrix {

    private static final long VIEW_BYTES = 1L << 30;

    private final FloatBuffer[] views;
    /** 2^shift rows lie in a view. */
    private final int shift;
    private final int width;

    /** Live views of a contiguous row-major {@code [rows, width]} float32 array. */
    public Matrix(INDArray array) {
        this(array, VIEW_BYTES);
    }

    /** @param viewBytes the size a view may have, unless a single row is larger */
    public Matrix(INDArray array, long viewBytes) {
        int rows = Math.toIntExact(array.size(0));
        width = Math.toIntExact(array.size(1));
        shift = Math.min(30, 63 - Long.numberOfLeadingZeros(Math.max(1, viewBytes / ((long) width * Float.BYTES))));
        int rowsOfView = 1 << shift;
        views = new FloatBuffer[(rows - 1) / rowsOfView + 1];
        for (int v = 0; v < views.length; v++) {
            int first = v * rowsOfView;
            views[v] = Memory.floats(array, (long) first * width, Math.min(rowsOfView, rows - first) * width);
        }
    }

    /** Reads {@code size} elements of a row from {@code column} into the start of {@code into}. */
    public void get(int row, int column, float[] into, int size) {
        view(row).get(at(row) + column, into, 0, size);
    }

    /** Overwrites {@code size} elements of a row from {@code column} with the start of {@code from}. */
    public void put(int row, int column, float[] from, int size) {
        view(row).put(at(row) + column, from, 0, size);
    }

    /** Copies a row to {@code target} from its element {@code position}. */
    public void copyRow(int row, FloatBuffer target, int position) {
        target.put(position, view(row), at(row), width);
    }

    private FloatBuffer view(int row) {
        return views[row >> shift];
    }

    private int at(int row) {
        return (row & ((1 << shift) - 1)) * width;
    }
}

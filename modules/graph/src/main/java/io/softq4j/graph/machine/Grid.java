package io.softq4j.graph.machine;

/**
 * A matrix cut into blocks of rows and, where those alone are fewer than two for each thread, of columns too: pieces for {@link Workers}.
 * The cut depends on the extents and the number of threads alone.
 */
public record Grid(int allRows, int allColumns, int rowBlocks, int columnBlocks) {

    /** Columns of a block begin at a multiple of this: a cache line. */
    private static final int COLUMN_UNIT = 16;

    private static final int LEAST_ROWS = 64;

    /** @param blockRows as many rows in a block at most; fewer where the threads would not all have work */
    public static Grid of(int rows, int columns, int blockRows) {
        int most = Math.max(1, Math.min(rows / LEAST_ROWS, wanted()));
        int rowBlocks = Math.max(most, (rows + blockRows - 1) / blockRows);
        int columnBlocks = Math.max(1, Math.min((wanted() + rowBlocks - 1) / rowBlocks, columns / (4 * COLUMN_UNIT)));
        return new Grid(rows, columns, rowBlocks, columnBlocks);
    }

    /** Cut into rows, as many blocks as there are pieces, and into columns only where there are too few rows. */
    public static Grid tall(int rows, int columns) {
        return of(rows, columns, Math.max(LEAST_ROWS, (rows + wanted() - 1) / wanted()));
    }

    private static int wanted() {
        return Workers.THREADS == 1 ? 1 : 2 * Workers.THREADS;
    }

    public int count() {
        return rowBlocks * columnBlocks;
    }

    public int firstRow(int index) {
        return start(index / columnBlocks);
    }

    private int start(int block) {
        return (int) ((long) allRows * block / rowBlocks);
    }

    public int rows(int index) {
        return start(index / columnBlocks + 1) - firstRow(index);
    }

    public int firstColumn(int index) {
        return column(index % columnBlocks);
    }

    private int column(int block) {
        return block == columnBlocks ? allColumns : (int) ((long) allColumns * block / columnBlocks) / COLUMN_UNIT * COLUMN_UNIT;
    }

    public int columns(int index) {
        return column(index % columnBlocks + 1) - firstColumn(index);
    }
}

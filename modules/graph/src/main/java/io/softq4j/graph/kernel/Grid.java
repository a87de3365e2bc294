package io.softq4j.graph.kernel;

/**
 * A matrix cut into blocks of rows and, where those alone are fewer than two for each thread, of columns too: pieces for {@link Workers}. The cut
 * depends on the extents and the number of threads alone.
 */
record Grid(int allRows, int allColumns, int rowBlocks, int columnBlocks) {

    /** Columns of a block begin at a multiple of this: a cache line. */
    private static final int COLUMN_UNIT = 16;

    /** @param blockRows about as many rows in a block */
    static Grid of(int rows, int columns, int blockRows) {
        int rowBlocks = Math.max(1, (rows + blockRows - 1) / blockRows);
        int wanted = Workers.THREADS == 1 ? 1 : 2 * Workers.THREADS;
        int columnBlocks = Math.max(1, Math.min((wanted + rowBlocks - 1) / rowBlocks, columns / (4 * COLUMN_UNIT)));
        return new Grid(rows, columns, rowBlocks, columnBlocks);
    }

    int count() {
        return rowBlocks * columnBlocks;
    }

    int firstRow(int index) {
        return start(index / columnBlocks);
    }

    private int start(int block) {
        return (int) ((long) allRows * block / rowBlocks);
    }

    int rows(int index) {
        return start(index / columnBlocks + 1) - firstRow(index);
    }

    int firstColumn(int index) {
        return column(index % columnBlocks);
    }

    private int column(int block) {
        return block == columnBlocks ? allColumns : (int) ((long) allColumns * block / columnBlocks) / COLUMN_UNIT * COLUMN_UNIT;
    }

    int columns(int index) {
        return column(index % columnBlocks + 1) - firstColumn(index);
    }
}

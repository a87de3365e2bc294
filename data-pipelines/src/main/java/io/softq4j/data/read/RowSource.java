package io.softq4j.data.read;

import io.softq4j.data.row.Row;
import java.io.Closeable;

/** The rows of one file, one after the other, in memory that does not grow with the file. */
public interface RowSource extends Closeable {

    /** Bytes of the longest row, 64 MiB. A longer one is an error and is passed over without being held. */
    int LONGEST_ROW = 64 << 20;

    /**
     * The next row, or null at the end. After a {@link io.softq4j.data.row.RowError} the next call goes on with the row behind.
     *
     * @throws io.softq4j.data.row.RowError  if this row cannot be read, and the one behind it perhaps can
     * @throws io.softq4j.common.UserError if the file cannot be read any further
     */
    Row next();

    /** Bytes consumed so far, of the file as it lies on the disk. */
    long bytesRead();
}

package io.softq4j.data.read;

import io.softq4j.data.row.Column;
import java.nio.file.Path;
import java.util.List;

/** DataVec record reader over files of tab-separated values with a header; see {@link RowRecordReader}. */
public final class TsvRecordReader extends RowRecordReader {

    /** Reads {@code columns} of each row. */
    public TsvRecordReader(List<Column> columns) {
        super(ReadOptions.of(columns));
    }

    @Override
    Format format(Path file) {
        return Format.TSV;
    }
}

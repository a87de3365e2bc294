package io.softq4j.data.read;

import io.softq4j.data.row.Column;
import java.nio.file.Path;
import java.util.List;

/** DataVec record reader over files of comma-separated values with a header; see {@link RowRecordReader}. */
public final class CsvRecordReader extends RowRecordReader {

    /** Reads {@code columns} of each row. */
    public CsvRecordReader(List<Column> columns) {
        super(ReadOptions.of(columns));
    }

    @Override
    Format format(Path file) {
        return Format.CSV;
    }
}

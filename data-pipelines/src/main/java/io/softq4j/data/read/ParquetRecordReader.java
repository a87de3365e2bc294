package io.softq4j.data.read;

import io.softq4j.data.row.Column;
import java.nio.file.Path;
import java.util.List;

/** DataVec record reader over Parquet files; see {@link RowRecordReader}. */
public final class ParquetRecordReader extends RowRecordReader {

    /** Reads {@code columns} of each row. */
    public ParquetRecordReader(List<Column> columns) {
        super(ReadOptions.of(columns));
    }

    @Override
    Format format(Path file) {
        return Format.PARQUET;
    }
}

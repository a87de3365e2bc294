package io.softq4j.data.read;

import io.softq4j.data.row.Column;
import java.nio.file.Path;
import java.util.List;

/** DataVec record reader over JSON files, a list of objects each; see {@link RowRecordReader}. */
public final class JsonRecordReader extends RowRecordReader {

    /** Reads {@code columns} of each row. */
    public JsonRecordReader(List<Column> columns) {
        super(ReadOptions.of(columns));
    }

    @Override
    Format format(Path file) {
        return Format.JSON;
    }
}

package io.softq4j.data.read;

import io.softq4j.data.row.Column;
import java.nio.file.Path;
import java.util.List;

/** DataVec record reader over JSON Lines files, one object a line; see {@link RowRecordReader}. */
public final class JsonLinesRecordReader extends RowRecordReader {

    /** Reads {@code columns} of each row. */
    public JsonLinesRecordReader(List<Column> columns) {
        super(ReadOptions.of(columns));
    }

    @Override
    Format format(Path file) {
        return Format.JSONL;
    }
}

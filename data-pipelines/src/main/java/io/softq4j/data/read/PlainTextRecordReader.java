package io.softq4j.data.read;

import io.softq4j.data.row.Column;
import java.nio.file.Path;
import java.util.List;

/** DataVec record reader over plain text files; see {@link RowRecordReader}. A record is one {@code text}. */
public final class PlainTextRecordReader extends RowRecordReader {

    /** Reads rows that are each a line, a paragraph or a file. */
    public PlainTextRecordReader(SampleBy sampleBy) {
        super(new ReadOptions(sampleBy, List.of(Column.text(PlainText.COLUMN))));
    }

    @Override
    Format format(Path file) {
        return Format.TEXT;
    }
}

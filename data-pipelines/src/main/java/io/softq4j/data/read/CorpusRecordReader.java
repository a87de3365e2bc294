package io.softq4j.data.read;

import java.nio.file.Path;

/**
 * DataVec record reader over files of every format; see {@link RowRecordReader}. The format of a file is that of its
 * {@link CorpusFile}, or, in an {@link org.datavec.api.split.InputSplit}, told by its extension.
 */
public final class CorpusRecordReader extends RowRecordReader {

    /** Reads the columns of {@code options}. */
    public CorpusRecordReader(ReadOptions options) {
        super(options);
    }

    @Override
    Format format(Path file) {
        return Format.of(file);
    }
}

package io.softq4j.data.read;

import io.softq4j.common.UserError;
import java.io.IOException;
import java.io.InputStream;

/** Opens corpus files of every format. */
public final class RowSources {

    private RowSources() {
    }

    /**
     * The rows of {@code file}; close them. A file that is compressed with gzip or zstd is decompressed, whatever its name.
     *
     * @throws UserError if the file does not exist, or cannot be read as what it is said to be
     */
    public static RowSource open(CorpusFile file, ReadOptions options) {
        return file.format() == Format.PARQUET ? new Parquet(file.path(), file.name())
                : open(CorpusInput.open(file.path(), file.name()), file.format(), options);
    }

    /** As {@link #open(CorpusFile, ReadOptions)} for a stream, which the messages call {@code name}. */
    static RowSource open(InputStream in, String name, Format format, ReadOptions options) {
        return open(new CorpusInput(in, name), format, options);
    }

    private static RowSource open(CorpusInput in, Format format, ReadOptions options) {
        try {
            ByteWindow window = new ByteWindow(in);
            return switch (format) {
                case JSONL -> new JsonLines(window, options);
                case JSON -> JsonFile.open(window, options);
                case CSV -> new Csv(window, ',');
                case TSV -> new Csv(window, '\t');
                case TEXT -> new PlainText(window, options.sampleBy());
                case PARQUET -> throw new UserError(in.name() + ": Parquet is read from its end, so from a file and not from a stream. Fetch the file first");
                case AUTO -> throw new IllegalArgumentException("the format of " + in.name() + " is not settled");
            };
        } catch (RuntimeException e) {
            try {
                in.close();
            } catch (IOException closing) {
                e.addSuppressed(closing);
            }
            throw e;
        }
    }
}

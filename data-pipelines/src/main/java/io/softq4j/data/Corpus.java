package io.softq4j.data;

import io.softq4j.common.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.datavec.api.records.Record;
import org.datavec.api.records.metadata.RecordMetaDataLine;
import org.datavec.api.split.FileSplit;
import org.datavec.api.writable.Writable;

/** One pass over a corpus file, row by row. */
final class Corpus {

    /** Takes a row. */
    @FunctionalInterface
    interface Handler {
        void row(List<Writable> row, long line);
    }

    private static final int ROWS_BETWEEN_REPORTS = 64;

    private Corpus() {
    }

    static long bytes(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UserError("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    /**
     * Gives each row to {@code handler}. An error of the user in it, or while reading, is told with file and line.
     *
     * @param unreadable is told each row left out, if {@code onError} is SKIP
     * @param progress   is told the bytes consumed
     */
    static void forEach(Path file, DataConfig data, Handler handler, Consumer<RowError> unreadable, LongConsumer progress) {
        Records.requireFile(file);
        try (JsonLinesRecordReader reader = new JsonLinesRecordReader(data.fields())) {
            reader.initialize(new FileSplit(file.toFile()));
            for (long rows = 0; reader.hasNext(); rows++) {
                if (rows % ROWS_BETWEEN_REPORTS == 0) {
                    progress.accept(reader.bytesRead());
                }
                Record record;
                try {
                    record = reader.nextRecord();
                } catch (RowError e) {
                    if (data.onError() == OnError.FAIL) {
                        throw e;
                    }
                    unreadable.accept(e);
                    continue;
                }
                int line = ((RecordMetaDataLine) record.getMetaData()).getLineNumber();
                try {
                    handler.row(record.getRecord(), line);
                } catch (UserError e) {
                    throw new UserError(file + ":" + line + ": " + e.getMessage(), e);
                }
            }
            progress.accept(reader.bytesRead());
        } catch (IOException | InterruptedException e) {
            throw new UserError("cannot read " + file + ": " + e.getMessage(), e);
        }
    }
}

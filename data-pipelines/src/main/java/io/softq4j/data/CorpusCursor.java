package io.softq4j.data;

import io.softq4j.common.UserError;
import io.softq4j.data.read.CorpusFile;
import io.softq4j.data.read.ReadOptions;
import io.softq4j.data.read.RowSource;
import io.softq4j.data.read.RowSources;
import io.softq4j.data.row.Row;
import io.softq4j.data.row.RowError;
import java.io.IOException;
import java.util.List;

/** The rows of some files, one file after the other. A row that cannot be read is handed out as its {@link RowError}. */
final class CorpusCursor implements AutoCloseable {

    /**
     * What was read.
     *
     * @param file  the name of its file, without the directories of this machine
     * @param line  from 1
     * @param row   the row, or null if it cannot be read
     * @param error why not, or null
     * @param again whether the corpus has been read to its end before
     */
    record Read(String file, long line, Row row, RowError error, boolean again) {

        String where() {
            return file + ":" + line;
        }
    }

    private final List<CorpusFile> files;
    private final ReadOptions options;
    private int file;
    private RowSource open;
    private Read ahead;
    private long rows;
    private boolean again;
    private long bytesOfClosed;

    /** @param files not empty */
    CorpusCursor(List<CorpusFile> files, ReadOptions options) {
        this.files = files;
        this.options = options;
    }

    /** Whether there is another row, which is read for it. @throws UserError if a file cannot be read any further */
    boolean hasNext() {
        if (ahead == null) {
            ahead = read();
        }
        return ahead != null;
    }

    /** The next row, or null at the end. @throws UserError if a file cannot be read any further */
    Read next() {
        Read next = ahead == null ? read() : ahead;
        ahead = null;
        rows += next == null ? 0 : 1;
        return next;
    }

    private Read read() {
        while (file < files.size()) {
            CorpusFile current = files.get(file);
            if (open == null) {
                open = RowSources.open(current, options);
            }
            try {
                Row row = open.next();
                if (row != null) {
                    return new Read(current.name(), row.line(), row, null, again);
                }
            } catch (RowError e) {
                return new Read(current.name(), e.line(), null, e, again);
            }
            bytesOfClosed += open.bytesRead();
            close();
            file++;
        }
        return null;
    }

    /** Begins again with the first row. */
    void rewind() {
        close();
        ahead = null;
        file = 0;
        again = true;
    }

    /** Rows handed out since the cursor was made, those that cannot be read included. */
    long rows() {
        return rows;
    }

    /** Bytes consumed since the cursor was made, of the files as they lie on the disk. */
    long bytesRead() {
        return bytesOfClosed + (open == null ? 0 : open.bytesRead());
    }

    @Override
    public void close() {
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                throw new UserError("cannot read " + files.get(file).path() + ": " + e.getMessage(), e);
            } finally {
                open = null;
            }
        }
    }
}

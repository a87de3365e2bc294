package io.softq4j.data;

import io.softq4j.common.UserError;
import io.softq4j.data.read.CorpusFile;
import io.softq4j.data.read.ReadOptions;
import io.softq4j.data.read.RowSource;
import io.softq4j.data.read.RowSources;
import io.softq4j.data.row.DropReason;
import io.softq4j.data.row.Row;
import io.softq4j.data.row.RowError;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

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
    private final References references;
    private final boolean eachReference;
    private final ArrayDeque<Read> sameRow = new ArrayDeque<>();
    private final Set<String> referenceColumns = new HashSet<>();
    private List<String> firstColumns = List.of();
    private long lists;
    private long listed;

    /**
     * @param files         not empty
     * @param references    how rows hold them
     * @param eachReference whether a row with a list of them is handed out as often as it has some
     */
    CorpusCursor(List<CorpusFile> files, ReadOptions options, References references, boolean eachReference) {
        this.files = files;
        this.options = options;
        this.references = references;
        this.eachReference = eachReference;
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
        if (!sameRow.isEmpty()) {
            return sameRow.remove();
        }
        while (file < files.size()) {
            CorpusFile current = files.get(file);
            if (open == null) {
                open = RowSources.open(current, options);
            }
            try {
                Row row = open.next();
                if (row != null) {
                    firstColumns = firstColumns.isEmpty() ? row.columns() : firstColumns;
                    references.columns().stream().filter(row::has).forEach(referenceColumns::add);
                    return read(current, references.gathered(row));
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

    private Read read(CorpusFile current, Row row) {
        Optional<List<String>> several = eachReference ? References.in(row) : Optional.empty();
        if (several.isEmpty()) {
            return new Read(current.name(), row.line(), row, null, again);
        }
        if (several.get().isEmpty()) {
            throw new RowError(DropReason.MISSING_FIELD, row.file(), row.line(), "there is no reference in the row, so nothing to learn. Remove it, or set "
                    + "on_error to skip to leave such rows out");
        }
        lists++;
        listed += several.get().size();
        References.each(row, References.COLUMN).forEach(one -> sameRow.add(new Read(current.name(), row.line(), one, null, again)));
        return sameRow.remove();
    }

    /** Those of the columns that the configuration names as references which a row so far has. */
    Set<String> referenceColumns() {
        return referenceColumns;
    }

    /** The columns of the first row, as the file has them; empty before it is read. */
    List<String> firstColumns() {
        return firstColumns;
    }

    /** Rows so far that were handed out once for each of their references. */
    long lists() {
        return lists;
    }

    /** References of them. */
    long listed() {
        return listed;
    }

    /** Begins again with the first row. */
    void rewind() {
        close();
        sameRow.clear();
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

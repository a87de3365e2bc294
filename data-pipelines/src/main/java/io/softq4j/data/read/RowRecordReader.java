package io.softq4j.data.read;

import io.softq4j.common.UserError;
import io.softq4j.data.row.Column;
import io.softq4j.data.row.Row;
import io.softq4j.data.row.RowError;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import org.datavec.api.conf.Configuration;
import org.datavec.api.records.Record;
import org.datavec.api.records.metadata.RecordMetaData;
import org.datavec.api.records.reader.BaseRecordReader;
import org.datavec.api.split.InputSplit;
import org.datavec.api.writable.Text;
import org.datavec.api.writable.Writable;

/**
 * DataVec record reader over the rows of corpus files, one file after the other: a record is the columns asked for, in their order, as
 * {@link Text}. DataVec's own readers name neither the line of a row they cannot read nor the column that is missing.
 *
 * <p>The meta data of a record is a {@link RowMetaData}. A row that cannot be read is a {@link RowError}; reading goes on behind it.
 */
public abstract class RowRecordReader extends BaseRecordReader {

    private final ReadOptions options;
    private Configuration configuration;
    private transient List<CorpusFile> files = List.of();
    private transient List<URI> locations = List.of();
    private transient int location;
    private transient RowSource open;
    private transient long bytesBefore;
    /** The row {@link #hasNext} had to read, or the error it met, until {@link #nextRecord} hands it out. */
    private transient Row ahead;
    private transient RowError aheadError;
    private transient long line;
    private transient String fileName;

    RowRecordReader(ReadOptions options) {
        this.options = options;
    }

    /** How the file at a location that {@link #initialize(InputSplit)} was given is written. */
    abstract Format format(Path file);

    /**
     * Starts at the first row.
     *
     * @param split its locations are files, read one after the other; messages show their paths
     * @throws UserError while reading, if a file does not exist
     */
    @Override
    public void initialize(InputSplit split) throws IOException, InterruptedException {
        super.initialize(split);
        start(null, List.of(split.locations()));
    }

    @Override
    public void initialize(Configuration conf, InputSplit split) throws IOException, InterruptedException {
        configuration = conf;
        initialize(split);
    }

    /** Starts at the first row of {@code corpus}, whose files are read in their order and shown by their names. */
    public void initialize(List<CorpusFile> corpus) throws IOException {
        start(List.copyOf(corpus), corpus.stream().map(file -> file.path().toUri()).toList());
    }

    private void start(List<CorpusFile> corpus, List<URI> uris) throws IOException {
        close();
        files = corpus;
        locations = uris;
        location = 0;
        bytesBefore = 0;
        ahead = null;
        aheadError = null;
        line = 0;
        fileName = null;
    }

    /** {@inheritDoc} @throws UserError if the file cannot be read any further */
    @Override
    public boolean hasNext() {
        while (ahead == null && aheadError == null && location < locations.size()) {
            if (open == null) {
                open = open(location);
            }
            try {
                ahead = open.next();
            } catch (RowError e) {
                aheadError = e;
            }
            if (ahead == null && aheadError == null) {
                bytesBefore += open.bytesRead();
                closeQuietly();
                location++;
            }
        }
        return ahead != null || aheadError != null;
    }

    /** {@inheritDoc} Throws a {@link RowError} for a row that cannot be read. */
    @Override
    public Record nextRecord() {
        if (!hasNext()) {
            throw new NoSuchElementException("no more rows");
        }
        Row row = ahead;
        RowError error = aheadError;
        ahead = null;
        aheadError = null;
        line = error == null ? row.line() : error.line();
        fileName = name(location);
        if (error != null) {
            throw error;
        }
        List<Writable> values = values(row);
        invokeListeners(values);
        return new org.datavec.api.records.impl.Record(values, new RowMetaData(fileName, line, locations.get(location), getClass()));
    }

    private List<Writable> values(Row row) {
        List<Writable> values = new ArrayList<>(options.columns().size());
        for (Column column : options.columns()) {
            values.add(new Text(column.of(row)));
        }
        return values;
    }

    @Override
    public List<Writable> next() {
        return nextRecord().getRecord();
    }

    /** Where the record handed out last begins, or the row that could not be read, from 1; 0 before the first. */
    public long line() {
        return line;
    }

    /** Name of the file that the record handed out last is from, as messages show it; null before the first. */
    public String fileName() {
        return fileName;
    }

    /** Bytes consumed so far, of all files as they lie on the disk. */
    public long bytesRead() {
        return bytesBefore + (open == null ? 0 : open.bytesRead());
    }

    @Override
    public List<String> getLabels() {
        return List.of();
    }

    /** Starts again at the first row. */
    @Override
    public void reset() {
        try {
            start(files, locations);
        } catch (IOException e) {
            throw new UserError("cannot read " + name(location) + ": " + e.getMessage(), e);
        }
    }

    @Override
    public boolean resetSupported() {
        return true;
    }

    @Override
    public List<Writable> record(URI uri, DataInputStream stream) throws IOException {
        try (RowSource rows = RowSources.open(stream, name(uri), format(path(uri)), options)) {
            Row row = rows.next();
            if (row == null) {
                throw new UserError(name(uri) + " has no rows");
            }
            return values(row);
        }
    }

    @Override
    public Record loadFromMetaData(RecordMetaData where) {
        throw new UnsupportedOperationException("rows are read in order only");
    }

    @Override
    public List<Record> loadFromMetaData(List<RecordMetaData> where) {
        throw new UnsupportedOperationException("rows are read in order only");
    }

    @Override
    public void setConf(Configuration conf) {
        configuration = conf;
    }

    @Override
    public Configuration getConf() {
        return configuration;
    }

    @Override
    public void close() throws IOException {
        if (open != null) {
            open.close();
            open = null;
        }
    }

    private RowSource open(int i) {
        if (files != null) {
            return RowSources.open(files.get(i), options);
        }
        URI uri = locations.get(i);
        Format format = format(path(uri));
        return isFile(uri) ? RowSources.open(new CorpusFile(path(uri), name(uri), format), options)
                : RowSources.open(streamCreatorFn.apply(uri), name(uri), format, options);
    }

    private void closeQuietly() {
        try {
            close();
        } catch (IOException e) {
            throw new UserError("cannot read " + name(location) + ": " + e.getMessage(), e);
        }
    }

    private String name(int i) {
        return files == null ? name(locations.get(i)) : files.get(i).name();
    }

    private static String name(URI uri) {
        return isFile(uri) ? path(uri).toString() : uri.toString();
    }

    private static Path path(URI uri) {
        return isFile(uri) ? Path.of(uri) : Path.of(uri.getPath());
    }

    private static boolean isFile(URI uri) {
        return "file".equals(uri.getScheme());
    }
}

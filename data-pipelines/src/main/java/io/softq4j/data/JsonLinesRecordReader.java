package io.softq4j.data;

import io.softq4j.common.UserError;
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
import org.datavec.api.records.metadata.RecordMetaDataLine;
import org.datavec.api.records.reader.BaseRecordReader;
import org.datavec.api.split.InputSplit;
import org.datavec.api.writable.Text;
import org.datavec.api.writable.Writable;

/**
 * DataVec record reader over JSON Lines files: a row is the wanted fields, in the order given, as {@link Text}. DataVec's own
 * {@code JacksonLineRecordReader} names neither the line of a malformed row nor a missing field.
 *
 * <p>The meta data of a record is a {@link RecordMetaDataLine} with its line number from 1. A row that cannot be read is a
 * {@link RowError}; reading goes on behind it.
 */
public final class JsonLinesRecordReader extends BaseRecordReader {

    private final List<String> fields;
    private Configuration configuration;
    private transient List<URI> locations = List.of();
    private transient int location;
    private transient JsonLines open;
    private transient long bytesBefore;
    /** The row {@link #hasNext} had to read, or the error it met, until {@link #nextRecord} hands it out. */
    private transient JsonRow ahead;
    private transient RowError aheadError;

    /** Reads {@code fields} of each row. */
    public JsonLinesRecordReader(List<String> fields) {
        this.fields = new ArrayList<>(fields);
    }

    /**
     * Starts at the first row.
     *
     * @param split its locations are files, read one after the other
     * @throws UserError if a file does not exist
     */
    @Override
    public void initialize(InputSplit split) throws IOException, InterruptedException {
        super.initialize(split);
        close();
        locations = List.of(split.locations());
        location = 0;
        bytesBefore = 0;
        ahead = null;
        aheadError = null;
    }

    @Override
    public void initialize(Configuration conf, InputSplit split) throws IOException, InterruptedException {
        configuration = conf;
        initialize(split);
    }

    @Override
    public boolean hasNext() {
        while (ahead == null && aheadError == null && location < locations.size()) {
            if (open == null) {
                open = new JsonLines(streamCreatorFn.apply(locations.get(location)), name(locations.get(location)), fields);
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
        JsonRow row = ahead;
        RowError error = aheadError;
        ahead = null;
        aheadError = null;
        if (error != null) {
            throw error;
        }
        List<Writable> values = new ArrayList<>(fields.size());
        for (String field : fields) {
            values.add(new Text(row.text(field)));
        }
        RecordMetaData where = new RecordMetaDataLine(Math.toIntExact(row.line()), locations.get(location), JsonLinesRecordReader.class);
        invokeListeners(values);
        return new org.datavec.api.records.impl.Record(values, where);
    }

    @Override
    public List<Writable> next() {
        return nextRecord().getRecord();
    }

    /** Bytes consumed so far, of all files. */
    public long bytesRead() {
        return bytesBefore + (open == null ? 0 : open.bytesRead());
    }

    @Override
    public List<String> getLabels() {
        return List.of();
    }

    @Override
    public void reset() {
        try {
            initialize(inputSplit);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public boolean resetSupported() {
        return true;
    }

    @Override
    public List<Writable> record(URI uri, DataInputStream stream) {
        JsonRow row = new JsonLines(stream, name(uri), fields).next();
        if (row == null) {
            throw new UserError(name(uri) + " has no rows");
        }
        return fields.stream().<Writable>map(field -> new Text(row.text(field))).toList();
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

    private void closeQuietly() {
        try {
            close();
        } catch (IOException e) {
            throw new UserError("cannot read " + name(locations.get(location)) + ": " + e.getMessage(), e);
        }
    }

    private static String name(URI uri) {
        return "file".equals(uri.getScheme()) ? Path.of(uri).toString() : uri.toString();
    }
}

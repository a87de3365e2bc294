package io.softq4j.data.read;

import java.net.URI;
import org.datavec.api.records.metadata.RecordMetaData;

/**
 * Where a row is from. DataVec's own {@code RecordMetaDataLine} counts to 2^31.
 *
 * @param file   as messages name it
 * @param line   from 1, see {@link io.softq4j.data.row.Row#line}
 * @param uri    of the file
 * @param reader class of the reader that read it
 */
public record RowMetaData(String file, long line, URI uri, Class<?> reader) implements RecordMetaData {

    @Override
    public String getLocation() {
        return file + ":" + line;
    }

    @Override
    public URI getURI() {
        return uri;
    }

    @Override
    public Class<?> getReaderClass() {
        return reader;
    }
}

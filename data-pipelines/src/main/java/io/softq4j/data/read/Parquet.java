package io.softq4j.data.read;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.softq4j.common.UserError;
import io.softq4j.data.row.Row;
import io.softq4j.data.row.RowError;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.MessageColumnIO;
import org.apache.parquet.io.RecordReader;

/** A Parquet file, row group by row group: one is in memory. The line of a {@link Row} is its number, from 1. */
final class Parquet implements RowSource {

    private static final String MAGIC = "PAR1";
    private static final String ENCRYPTED = "PARE";
    /** The magic at both ends, and the length of the footer. */
    private static final int SHORTEST = 12;

    private final String name;
    private final long length;
    private final ParquetFileReader reader;
    private final ParquetRecord record;
    private final MessageColumnIO columns;
    private RecordReader<ObjectNode> rows;
    private long rowsLeft;
    private long rowsOfGroup;
    private long row;
    private int group;
    private long bytesBefore;
    private boolean ended;

    /** @throws UserError if the file is no Parquet, damaged, encrypted, or compressed in a way that is not read */
    Parquet(Path file, String name) {
        this.name = name;
        CorpusInput.requireReadable(file, name);
        ParquetFileReader opened = null;
        try {
            length = Files.size(file);
            requireMagic(file);
            opened = ParquetFileReader.open(new LocalInputFile(file), ParquetReadOptions.builder(new PlainParquetConfiguration())
                    .withCodecFactory(new ParquetCodecs()).usePageChecksumVerification().build());
            for (BlockMetaData block : opened.getRowGroups()) {
                block.getColumns().forEach(this::requireReadable);
            }
            reader = opened;
            record = new ParquetRecord(reader.getFileMetaData().getSchema());
            columns = new ColumnIOFactory().getColumnIO(reader.getFileMetaData().getSchema());
        } catch (UserError e) {
            close(opened, e);
            throw e;
        } catch (IOException | RuntimeException e) {
            close(opened, e);
            throw damaged("its footer cannot be read", e);
        }
    }

    private void requireMagic(Path file) throws IOException {
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            byte[] head = new byte[(int) Math.min(Compression.LONGEST_MAGIC, length)];
            in.readFully(head);
            String first = magic(head);
            Compression compression = Compression.of(head, head.length);
            if (compression != Compression.NONE) {
                throw new UserError(name + " is compressed with " + compression + " as a whole, so there is no Parquet to be read from its end. "
                        + "Unpack it; Parquet is compressed within");
            }
            if (first.equals(ENCRYPTED)) {
                throw new UserError(name + " is encrypted Parquet, which is not read. Write it anew without encryption");
            }
            if (!first.equals(MAGIC)) {
                throw new UserError(name + " is no Parquet file: it begins with " + hex(head) + ", not with " + MAGIC
                        + ". Set data.format to what it is, or rename it");
            }
            byte[] tail = new byte[MAGIC.length()];
            in.seek(Math.max(0, length - tail.length));
            in.readFully(tail);
            if (length < SHORTEST || !magic(tail).equals(MAGIC)) {
                throw new UserError(name + " is cut off: Parquet ends with a footer and " + MAGIC + ", this file ends at byte " + length + " with "
                        + hex(tail) + ". A download or a writer that did not end is the likely cause; fetch or write it again");
            }
        }
    }

    private void requireReadable(ColumnChunkMetaData chunk) {
        if (!ParquetCodecs.READ.contains(chunk.getCodec())) {
            throw new UserError(name + ": column \"" + chunk.getPath().toDotString() + "\" is compressed with " + chunk.getCodec()
                    + ", which is not read; read are " + ParquetCodecs.READ + ". Write the file anew with zstd or snappy");
        }
        // before memory is taken for it
        long start = chunk.getStartingPos();
        if (start < 0 || chunk.getTotalSize() < 0 || start > length - chunk.getTotalSize()) {
            throw damaged("column \"" + chunk.getPath().toDotString() + "\" would lie at bytes " + start + " to " + (start + chunk.getTotalSize())
                    + " of " + length, null);
        }
    }

    /** {@inheritDoc} */
    @Override
    public Row next() {
        try {
            while (rowsLeft == 0) {
                if (ended || !nextGroup()) {
                    ended = true;
                    return null;
                }
            }
            rowsLeft--;
            row++;
            record.begin();
            ObjectNode object = rows.read();
            if (record.wrong() != null) {
                throw new RowError(record.wrong(), name, row, record.what());
            }
            return new Row(name, row, object);
        } catch (UserError e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            ended = true;
            rowsLeft = 0;
            throw damaged("row " + row + ", in row group " + group + ", cannot be read", e);
        }
    }

    private boolean nextGroup() throws IOException {
        bytesBefore += group == 0 ? 0 : reader.getRowGroups().get(group - 1).getCompressedSize();
        PageReadStore pages = reader.readNextRowGroup();
        if (pages == null) {
            return false;
        }
        group++;
        rowsOfGroup = pages.getRowCount();
        rowsLeft = rowsOfGroup;
        rows = columns.getRecordReader(pages, record);
        return true;
    }

    private UserError damaged(String what, Exception e) {
        String why = e == null ? "" : " (" + (e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage().lines().findFirst().orElse("")) + ")";
        return new UserError(name + " is damaged Parquet: " + what + why + ". Fetch or write the file again", e);
    }

    private static String magic(byte[] bytes) {
        return new String(bytes, 0, Math.min(MAGIC.length(), bytes.length), StandardCharsets.ISO_8859_1);
    }

    private static String hex(byte[] bytes) {
        StringBuilder hex = new StringBuilder();
        for (int i = 0; i < Math.min(MAGIC.length(), bytes.length); i++) {
            hex.append(i == 0 ? "" : " ").append(String.format(Locale.ROOT, "%02X", bytes[i]));
        }
        return hex.isEmpty() ? "nothing" : hex.toString();
    }

    private static void close(ParquetFileReader reader, Exception error) {
        try {
            if (reader != null) {
                reader.close();
            }
        } catch (IOException e) {
            error.addSuppressed(e);
        }
    }

    /** Those of the row groups read, that of the current one in proportion to its rows. */
    @Override
    public long bytesRead() {
        if (ended) {
            return length;
        }
        long size = group == 0 ? 0 : reader.getRowGroups().get(group - 1).getCompressedSize();
        return bytesBefore + (rowsOfGroup == 0 ? 0 : (long) (size * ((double) (rowsOfGroup - rowsLeft) / rowsOfGroup)));
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}

package io.softq4j.data.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.common.UserError;
import io.softq4j.data.row.Column;
import io.softq4j.data.row.RowError;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.datavec.api.records.Record;
import org.datavec.api.records.reader.RecordReader;
import org.datavec.api.split.FileSplit;
import org.datavec.api.writable.Text;
import org.datavec.api.writable.Writable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordReadersTest {

    private static final List<Column> BA = List.of(Column.text("b"), new Column("a", Column.Kind.OPTIONAL_TEXT));

    @TempDir
    Path home;

    @Test
    void everyFormatGivesTheColumnsInTheirOrderAsText() throws Exception {
        MessageType schema = MessageTypeParser.parseMessageType("message row { optional binary a (STRING); required int32 b; }");
        Path parquet = ParquetFiles.write(home.resolve("a.parquet"), schema, CompressionCodecName.SNAPPY,
                List.of(new SimpleGroup(schema).append("a", "x").append("b", 1), new SimpleGroup(schema).append("b", 2)));
        assertRows(new JsonLinesRecordReader(BA), write("a.jsonl", "{\"a\": \"x\", \"b\": 1}\n{\"b\": 2}\n"));
        assertRows(new JsonRecordReader(BA), write("a.json", "[{\"a\": \"x\", \"b\": 1},\n{\"b\": 2}]"));
        assertRows(new CsvRecordReader(BA), write("a.csv", "a,b\nx,1\n,2\n"));
        assertRows(new TsvRecordReader(BA), write("a.tsv", "a\tb\nx\t1\n\t2\n"));
        assertRows(new ParquetRecordReader(BA), parquet);
        for (String name : List.of("a.jsonl", "a.json", "a.csv", "a.tsv", "a.parquet")) {
            assertRows(new CorpusRecordReader(ReadOptions.of(BA)), home.resolve(name));
        }
        assertEquals(List.of(List.of("x"), List.of("y")), read(new PlainTextRecordReader(SampleBy.LINE), write("a.txt", "x\n\ny\n")));
        assertEquals(List.of(List.of("x\ny")), read(new PlainTextRecordReader(SampleBy.PARAGRAPH), write("a.txt", "x\ny\n")));
    }

    @Test
    void aCorpusOfManyFormatsIsReadUnderItsNames() throws Exception {
        write("d/1.csv", "a,b\nx,1\n");
        write("d/2.jsonl", "{\"b\": 1}\n\nnonsense\n{\"b\": 2}\n");
        write("d/3.txt", "");
        try (CorpusRecordReader reader = new CorpusRecordReader(ReadOptions.of(BA))) {
            reader.initialize(CorpusFiles.find(List.of(home.resolve("d").toString()), Format.AUTO));
            assertEquals(0, reader.line());
            assertNull(reader.fileName());
            for (int pass = 0; pass < 2; pass++) {
                Record record = reader.nextRecord();
                assertEquals("1.csv:2", record.getMetaData().getLocation());
                assertEquals(home.resolve("d/1.csv").toUri(), record.getMetaData().getURI());
                assertEquals(CorpusRecordReader.class, record.getMetaData().getReaderClass());
                assertEquals(new RowMetaData("1.csv", 2, home.resolve("d/1.csv").toUri(), CorpusRecordReader.class), record.getMetaData());
                assertTrue(reader.hasNext());
                assertEquals("1.csv", reader.fileName(), "of the record handed out, not of the one ahead");
                reader.next();
                assertTrue(assertThrows(RowError.class, reader::next).getMessage().startsWith("2.jsonl:3: this is not JSON"));
                assertEquals(3, reader.line());
                assertEquals("2.jsonl", reader.fileName());
                reader.next();
                assertEquals(4, reader.line());
                assertFalse(reader.hasNext());
                assertThrows(NoSuchElementException.class, reader::next);
                assertEquals(Files.size(home.resolve("d/1.csv")) + Files.size(home.resolve("d/2.jsonl")), reader.bytesRead());
                reader.reset();
            }
        }
    }

    @Test
    void aRowWithoutAColumnIsAnErrorBehindWhichReadingGoesOn() throws Exception {
        Path file = write("a.csv", "a,b\nx,1\n");
        try (CsvRecordReader reader = new CsvRecordReader(List.of(Column.text("c")))) {
            reader.initialize(new FileSplit(file.toFile()));
            assertTrue(assertThrows(RowError.class, reader::next).getMessage().startsWith(file + ":2: there is no field \"c\"; the row has [a, b]"));
            assertEquals(2, reader.line());
            assertFalse(reader.hasNext());
        }
    }

    @Test
    void aReaderIsSerializableAsDataVecAsksForAndOneRowIsReadFromAStream() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new ObjectOutputStream(bytes).writeObject(new CsvRecordReader(BA));
        RowRecordReader copy = (RowRecordReader) new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())).readObject();
        assertRows(copy, write("a.csv", "a,b\nx,1\n,2\n"));
        assertEquals(List.of(new Text("1"), new Text("x")), copy.record(home.resolve("a.csv").toUri(), stream("a,b\nx,1\n")));
        assertTrue(assertThrows(UserError.class, () -> copy.record(home.resolve("a.csv").toUri(), stream("a,b\n"))).getMessage().endsWith("a.csv has no rows"));
        assertTrue(assertThrows(UserError.class, () -> new ParquetRecordReader(BA).record(home.resolve("a.parquet").toUri(), stream("PAR1")))
                .getMessage().endsWith("a.parquet: Parquet is read from its end, so from a file and not from a stream. Fetch the file first"));
    }

    private static DataInputStream stream(String text) {
        return new DataInputStream(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static void assertRows(RecordReader reader, Path file) throws Exception {
        assertEquals(List.of(List.of("1", "x"), List.of("2", "")), read(reader, file));
    }

    private static List<List<String>> read(RecordReader reader, Path file) throws Exception {
        List<List<String>> rows = new ArrayList<>();
        try (reader) {
            reader.initialize(new FileSplit(file.toFile()));
            while (reader.hasNext()) {
                rows.add(reader.next().stream().map(Writable::toString).toList());
            }
        }
        return rows;
    }

    private Path write(String name, String text) throws IOException {
        Path file = home.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }
}

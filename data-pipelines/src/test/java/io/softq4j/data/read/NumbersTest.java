package io.softq4j.data.read;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.softq4j.data.row.Column;
import io.softq4j.data.row.Row;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Numbers have one spelling in every format, Python's. */
class NumbersTest {

    private static final double[] VALUES = {10000000.0, 1e-5, 1e16, 3, 0.1, 1.10, 12345678, 1e15, -2.5e-7, 1e22};
    private static final List<String> SPELLED = List.of("10000000.0", "1e-05", "1e+16", "3.0", "0.1", "1.1", "12345678.0", "1000000000000000.0",
            "-2.5e-07", "1e+22");

    @TempDir
    Path home;

    @Test
    void aFloatHasPythonsSpellingWhateverTheFormatAndHoweverItWasWritten() throws IOException {
        List<String> written = List.of("1.0E7", "0.00001", "1e16", "3.0", "0.10", "1.10", "12345678.0", "1e15", "-25e-8", "1E+22");
        StringBuilder lines = new StringBuilder();
        written.forEach(number -> lines.append("{\"n\": ").append(number).append("}\n"));
        Path jsonl = Files.writeString(home.resolve("a.jsonl"), lines);
        Path json = Files.writeString(home.resolve("a.json"), "[" + lines.toString().strip().replace("\n", ",") + "]");
        MessageType schema = MessageTypeParser.parseMessageType("message row { required double n; }");
        List<Group> groups = new ArrayList<>();
        for (double value : VALUES) {
            Group group = new SimpleGroup(schema);
            group.append("n", value);
            groups.add(group);
        }
        Path parquet = ParquetFiles.write(home.resolve("a.parquet"), schema, CompressionCodecName.UNCOMPRESSED, groups);
        for (Path file : List.of(jsonl, json, parquet)) {
            assertEquals(SPELLED, texts(file), file.toString());
        }
    }

    @Test
    void withinListsAndObjectsTheSpellingIsTheSame() throws IOException {
        Path file = Files.writeString(home.resolve("a.jsonl"), "{\"n\": {\"x\": [1.0E7, 1e-5, 2, 100000000000000000000]}}");
        try (RowSource rows = open(file)) {
            Row row = rows.next();
            assertEquals("{\"x\":[10000000.0,1e-05,2,100000000000000000000]}", row.json("n"));
            assertEquals("10000000.0", row.object().at("/n/x/0").asText());
        }
    }

    @Test
    void wholeNumbersStayWholeAndWhatNoFloatHoldsIsInfinite() throws IOException {
        Path file = Files.writeString(home.resolve("a.jsonl"), "{\"n\": 12345678901234567890}\n{\"n\": -0}\n{\"n\": 1E400}\n{\"n\": true}\n{\"n\": \"1.50\"}");
        assertEquals(List.of("12345678901234567890", "0", "inf", "true", "1.50"), texts(file));
    }

    @Test
    void aFloatOf32BitsIsTheNumberThatWasWrittenAndADecimalKeepsItsDigits() throws IOException {
        MessageType schema = MessageTypeParser.parseMessageType("message row { required float n; required int32 d (DECIMAL(9,8)); "
                + "required fixed_len_byte_array(16) big (DECIMAL(38,2)); }");
        Group group = new SimpleGroup(schema);
        byte[] big = new byte[16];
        byte[] digits = new BigInteger("1230").toByteArray();
        System.arraycopy(digits, 0, big, 16 - digits.length, digits.length);
        group.append("n", 0.1f).append("d", 12).append("big", Binary.fromConstantByteArray(big));
        Path file = ParquetFiles.write(home.resolve("a.parquet"), schema, CompressionCodecName.UNCOMPRESSED, List.of(group));
        try (RowSource rows = open(file)) {
            Row row = rows.next();
            assertEquals(List.of("0.1", "1.2E-7", "12.30"), List.of(row.text("n"), row.text("d"), row.text("big")));
        }
    }

    private List<String> texts(Path file) throws IOException {
        List<String> texts = new ArrayList<>();
        try (RowSource rows = open(file)) {
            for (Row row = rows.next(); row != null; row = rows.next()) {
                texts.add(row.text("n"));
            }
        }
        return texts;
    }

    private static RowSource open(Path file) {
        String name = file.getFileName().toString();
        return RowSources.open(new CorpusFile(file, name, Format.of(file)), ReadOptions.of(List.of(Column.text("n"))));
    }
}

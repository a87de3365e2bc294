package io.softq4j.data.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.softq4j.common.UserError;
import io.softq4j.data.row.Column;
import io.softq4j.data.row.DropReason;
import io.softq4j.data.row.Row;
import io.softq4j.data.row.RowError;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ParquetTest {

    private static final MessageType TEXT = MessageTypeParser.parseMessageType("message row { required binary a (STRING); optional binary b (STRING); }");

    @TempDir
    Path home;

    @ParameterizedTest
    @EnumSource(value = CompressionCodecName.class, names = {"UNCOMPRESSED", "SNAPPY", "GZIP", "ZSTD"})
    void everyRowGroupOfEveryCodecIsRead(CompressionCodecName codec) throws IOException {
        List<Group> groups = IntStream.range(0, 1000).mapToObj(i -> row(TEXT, g -> g.append("a", "text é😀\u0000 " + i))).toList();
        Path file = ParquetFiles.write(home.resolve("a.parquet"), TEXT, codec, groups);
        try (RowSource rows = open(file)) {
            assertEquals(0, rows.bytesRead());
            long before = 0;
            for (int i = 0; i < 1000; i++) {
                Row row = rows.next();
                assertEquals("text é😀\u0000 " + i, row.text("a"));
                assertEquals(i + 1, row.line());
                assertTrue(rows.bytesRead() >= before);
                before = rows.bytesRead();
            }
            assertNull(rows.next());
            assertEquals(Files.size(file), rows.bytesRead());
        }
    }

    @Test
    void messagesAreAListOfObjects() throws IOException {
        assertJson("{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"},{\"role\":\"assistant\",\"content\":null}],\"tags\":[[\"x\"],[],null,[null]],"
                + "\"none\":null,\"empty\":[]}", """
                message row {
                  optional group messages (LIST) { repeated group list { optional group element {
                    optional binary role (STRING); optional binary content (STRING); } } }
                  optional group tags (LIST) { repeated group list { optional group element (LIST) { repeated group list {
                    optional binary element (STRING); } } } }
                  optional group none (LIST) { repeated group list { optional int32 element; } }
                  required group empty (LIST) { repeated group list { optional int32 element; } }
                }""", row -> {
                    Group messages = row.addGroup("messages");
                    messages.addGroup("list").addGroup("element").append("role", "user").append("content", "Hi");
                    messages.addGroup("list").addGroup("element").append("role", "assistant");
                    Group tags = row.addGroup("tags");
                    tags.addGroup("list").addGroup("element").addGroup("list").append("element", "x");
                    tags.addGroup("list").addGroup("element");
                    tags.addGroup("list");
                    tags.addGroup("list").addGroup("element").addGroup("list");
                    row.addGroup("empty");
                });
    }

    @Test
    void listsOfOlderWritersAreListsToo() throws IOException {
        assertJson("{\"two\":[1,2],\"tuple\":[{\"x\":1}],\"pair\":[{\"x\":1,\"y\":2}],\"bare\":[3,4],\"structs\":[{\"x\":5}],\"nothing\":[]}", """
                message row {
                  required group two (LIST) { repeated int32 element; }
                  required group tuple (LIST) { repeated group tuple_tuple { required int32 x; } }
                  required group pair (LIST) { repeated group list { required int32 x; required int32 y; } }
                  repeated int32 bare;
                  repeated group structs { required int32 x; }
                  repeated int32 nothing;
                }""", row -> {
                    row.addGroup("two").append("element", 1).append("element", 2);
                    row.addGroup("tuple").addGroup("tuple_tuple").append("x", 1);
                    row.addGroup("pair").addGroup("list").append("x", 1).append("y", 2);
                    row.append("bare", 3).append("bare", 4);
                    row.addGroup("structs").append("x", 5);
                });
    }

    @Test
    void mapsAreObjectsWithTheirKeysAsText() throws IOException {
        assertJson("{\"names\":{\"a\":1,\"b\":null},\"numbers\":{\"7\":{\"x\":1.5}},\"old\":{\"k\":\"v\"}}", """
                message row {
                  required group names (MAP) { repeated group key_value { required binary key (STRING); optional int32 value; } }
                  required group numbers (MAP) { repeated group key_value { required int64 key; optional group value { required double x; } } }
                  required group old (MAP_KEY_VALUE) { repeated group map { required binary key (UTF8); required binary value (UTF8); } }
                }""", row -> {
                    Group names = row.addGroup("names");
                    names.addGroup("key_value").append("key", "a").append("value", 1);
                    names.addGroup("key_value").append("key", "b");
                    row.addGroup("numbers").addGroup("key_value").append("key", 7L).addGroup("value").append("x", 1.5);
                    row.addGroup("old").addGroup("map").append("key", "k").append("value", "v");
                });
    }

    @Test
    void valuesAreNumbersBooleansOrText() throws IOException {
        assertJson("{\"yes\":true,\"i\":-1,\"u\":4294967295,\"ul\":18446744073709551615,\"l\":-9223372036854775808,\"f\":0.1,\"d\":0.1,\"h\":-1.5,"
                + "\"day\":\"2024-02-29\",\"price\":\"-12.30\",\"big\":\"123456789012345678901234567890.12\",\"longPrice\":\"0.05\","
                + "\"at\":\"2024-02-29T12:00:00Z\",\"local\":\"2024-02-29T12:00:00.000001\",\"nanos\":\"1969-12-31T23:59:59.999999999Z\","
                + "\"time\":\"12:34:56.789\",\"old\":\"2000-01-01T00:00:00.000000007\",\"json\":\"{\\\"a\\\": 1}\",\"choice\":\"B\","
                + "\"bytes\":\"gP8=\",\"untyped\":\"é\",\"id\":\"00112233-4455-6677-8899-aabbccddeeff\"}", """
                message row {
                  required boolean yes; required int32 i; required int32 u (INTEGER(32,false)); required int64 ul (INTEGER(64,false));
                  required int64 l; required float f; required double d; required fixed_len_byte_array(2) h (FLOAT16);
                  required int32 day (DATE); required int32 price (DECIMAL(9,2)); required binary big (DECIMAL(38,2));
                  required int64 longPrice (DECIMAL(18,2));
                  required int64 at (TIMESTAMP(MILLIS,true)); required int64 local (TIMESTAMP(MICROS,false)); required int64 nanos (TIMESTAMP(NANOS,true));
                  required int32 time (TIME(MILLIS,true)); required int96 old; required binary json (JSON); required binary choice (ENUM);
                  required binary bytes; required binary untyped; required fixed_len_byte_array(16) id (UUID);
                }""", row -> {
                    byte[] id = new byte[16];
                    IntStream.range(0, 16).forEach(i -> id[i] = (byte) (0x11 * i));
                    ByteBuffer int96 = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN).putLong(7).putInt(2_451_545).flip();
                    long noon = 1_709_208_000L;
                    row.append("yes", true).append("i", -1).append("u", -1).append("ul", -1L).append("l", Long.MIN_VALUE).append("f", 0.1f).append("d", 0.1)
                            .append("h", Binary.fromConstantByteArray(new byte[] {0x00, (byte) 0xBE})).append("day", 19_782).append("price", -1230)
                            .append("big", Binary.fromConstantByteArray(new BigInteger("12345678901234567890123456789012").toByteArray()))
                            .append("longPrice", 5L).append("at", noon * 1000).append("local", noon * 1_000_000 + 1).append("nanos", -1L)
                            .append("time", 45_296_789).append("old", Binary.fromConstantByteBuffer(int96)).append("json", "{\"a\": 1}").append("choice", "B")
                            .append("bytes", Binary.fromConstantByteArray(new byte[] {(byte) 0x80, (byte) 0xFF})).append("untyped", "é")
                            .append("id", Binary.fromConstantByteArray(id));
                });
    }

    @Test
    void readingGoesOnBehindTextThatIsNotUtf8() throws IOException {
        Binary latin1 = Binary.fromConstantByteArray("caf\u00e9".getBytes(StandardCharsets.ISO_8859_1));
        Path file = ParquetFiles.write(home.resolve("a.parquet"), TEXT, CompressionCodecName.SNAPPY,
                List.of(row(TEXT, g -> g.append("a", latin1)), row(TEXT, g -> g.append("a", "fine"))));
        try (RowSource rows = open(file)) {
            RowError error = assertThrows(RowError.class, rows::next);
            assertEquals(DropReason.INVALID_UTF8, error.reason());
            assertEquals("a.parquet:1: column \"a\": byte 0xE9 at offset 3 of the value is not UTF-8; "
                    + "whatever wrote the file put bytes of another encoding into a column of text", error.getMessage());
            assertEquals("fine", rows.next().text("a"));
        }
    }

    @Test
    void readingGoesOnBehindARowThatIsTooLong() throws IOException {
        byte[] half = new byte[(RowSource.LONGEST_ROW >> 1) + 1];
        Arrays.fill(half, (byte) 'x');
        Binary value = Binary.fromConstantByteArray(half);
        Path file = ParquetFiles.write(home.resolve("a.parquet"), TEXT, CompressionCodecName.ZSTD,
                List.of(row(TEXT, g -> g.append("a", value).append("b", value)), row(TEXT, g -> g.append("a", "fine"))));
        try (RowSource rows = open(file)) {
            RowError error = assertThrows(RowError.class, rows::next);
            assertEquals(DropReason.ROW_TOO_LONG, error.reason());
            assertEquals("a.parquet:1: the row is longer than 64 MiB", error.getMessage());
            assertEquals("fine", rows.next().text("a"));
        }
    }

    @Test
    void whatIsNoParquetIsSaid() throws IOException {
        Path file = home.resolve("a.parquet");
        Files.writeString(file, "{\"a\": 1}\n{\"a\": 2}\n");
        assertEquals("a.parquet is no Parquet file: it begins with 7B 22 61 22, not with PAR1. Set data.format to what it is, or rename it", message(file));
        Files.write(file, new byte[0]);
        assertEquals("a.parquet is no Parquet file: it begins with nothing, not with PAR1. Set data.format to what it is, or rename it", message(file));
        Files.writeString(file, "PAR1");
        assertEquals("a.parquet is cut off: Parquet ends with a footer and PAR1, this file ends at byte 4 with 50 41 52 31. "
                + "A download or a writer that did not end is the likely cause; fetch or write it again", message(file));
        Files.writeString(file, "PARExxxxxxxxxxxxPARE");
        assertEquals("a.parquet is encrypted Parquet, which is not read. Write it anew without encryption", message(file));
        Files.write(file, new byte[] {0x1F, (byte) 0x8B, 8, 0});
        assertEquals("a.parquet is compressed with gzip as a whole, so there is no Parquet to be read from its end. Unpack it; "
                + "Parquet is compressed within", message(file));
        Files.writeString(file, "PAR1xxxxxxxx\u0004\0\0\0PAR1");
        assertTrue(message(file).startsWith("a.parquet is damaged Parquet: its footer cannot be read ("), message(file));
        Files.delete(file);
        assertTrue(message(file).startsWith("there is no file a.parquet (from "), message(file));
    }

    @Test
    void aFileCutOffIsSaid() throws IOException {
        Path whole = ParquetFiles.write(home.resolve("whole.parquet"), TEXT, CompressionCodecName.SNAPPY, List.of(row(TEXT, g -> g.append("a", "x"))));
        byte[] bytes = Files.readAllBytes(whole);
        Path file = Files.write(home.resolve("a.parquet"), Arrays.copyOf(bytes, bytes.length - 1));
        assertTrue(message(file).startsWith("a.parquet is cut off: Parquet ends with a footer and PAR1, this file ends at byte " + (bytes.length - 1)),
                message(file));
    }

    @Test
    void aDamagedPageIsFoundByItsChecksum() throws IOException {
        Path whole = ParquetFiles.write(home.resolve("a.parquet"), TEXT, CompressionCodecName.UNCOMPRESSED,
                List.of(row(TEXT, g -> g.append("a", "needle"))));
        byte[] bytes = Files.readAllBytes(whole);
        int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("needle");
        bytes[at] ^= 1;
        Files.write(whole, bytes);
        assertTrue(message(whole).startsWith("a.parquet is damaged Parquet: row 0, in row group 0, cannot be read ("), message(whole));
    }

    @Test
    void aCodecThatIsNotReadIsNamed() throws IOException {
        Path file = ParquetFiles.write(home.resolve("a.parquet"), TEXT, CompressionCodecName.BROTLI, List.of(row(TEXT, g -> g.append("a", "x"))));
        assertEquals("a.parquet: column \"a\" is compressed with BROTLI, which is not read; read are [UNCOMPRESSED, SNAPPY, GZIP, ZSTD]. "
                + "Write the file anew with zstd or snappy", message(file));
    }

    @Test
    void aMissingColumnIsNamedWithThosePresent() throws IOException {
        Path file = ParquetFiles.write(home.resolve("a.parquet"), TEXT, CompressionCodecName.SNAPPY, List.of(row(TEXT, g -> g.append("a", "x"))));
        try (RowSource rows = open(file)) {
            Row row = rows.next();
            assertTrue(assertThrows(RowError.class, () -> row.text("c")).getMessage().startsWith(
                    "a.parquet:1: there is no field \"c\"; the row has [a, b]."));
            assertTrue(row.optionalText("b").isEmpty());
        }
    }

    private void assertJson(String expected, String schema, Consumer<Group> row) throws IOException {
        MessageType type = MessageTypeParser.parseMessageType(schema);
        Path file = ParquetFiles.write(home.resolve("a.parquet"), type, CompressionCodecName.SNAPPY, List.of(row(type, row), row(type, row)));
        JsonNode json = JsonMapper.builder().build().readTree(expected);
        try (RowSource rows = open(file)) {
            for (int i = 0; i < 2; i++) {
                Row read = rows.next();
                assertEquals(json.toString(), read.object().toString());
            }
        }
    }

    private static Group row(MessageType type, Consumer<Group> fill) {
        Group row = new SimpleGroup(type);
        fill.accept(row);
        return row;
    }

    private static String message(Path file) {
        return assertThrows(UserError.class, () -> {
            try (RowSource rows = open(file)) {
                rows.next();
            }
        }).getMessage();
    }

    private static RowSource open(Path file) {
        return RowSources.open(new CorpusFile(file, file.getFileName().toString(), Format.PARQUET), ReadOptions.of(List.of(Column.text("a"))));
    }
}

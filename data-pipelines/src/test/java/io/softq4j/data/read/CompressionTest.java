package io.softq4j.data.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.common.UserError;
import io.softq4j.data.row.RowError;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CompressionTest {

    private static final byte[] LINES = "{\"a\": \"é\"}\n".repeat(5000).getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path home;

    @ParameterizedTest
    @EnumSource
    void theFirstBytesTellTheCompressionAndNotTheName(Packed packed) throws IOException {
        byte[] bytes = packed.of(LINES);
        for (String name : List.of("a.jsonl", "a.jsonl.gz", "a.jsonl.zst")) {
            Path file = Files.write(home.resolve(name), bytes);
            try (RowSource rows = open(file)) {
                for (int i = 0; i < 5000; i++) {
                    assertEquals("é", rows.next().text("a"));
                    assertTrue(rows.bytesRead() <= bytes.length);
                }
                assertNull(rows.next());
                assertEquals(bytes.length, rows.bytesRead(), "bytes of the file as it lies on the disk");
            }
        }
    }

    @Test
    void aStreamThatIsCutOffIsNamedWithItsOffset() throws IOException {
        byte[] gzip = Packed.GZIP.of(LINES);
        assertEquals("a.jsonl: the gzip stream is damaged or cut off at byte 50 of the compressed file (the file ends inside a member; it was cut off); "
                + "a download that did not end is the likely cause. Check it with gzip -t and fetch it again", message(Arrays.copyOf(gzip, 50)));
        assertTrue(message(Arrays.copyOf(gzip, gzip.length - 1)).startsWith(
                "a.jsonl: the gzip stream is damaged or cut off at byte " + (gzip.length - 1) + " of the compressed file"));
        byte[] zstd = Packed.ZSTD.of(LINES);
        String message = message(Arrays.copyOf(zstd, zstd.length - 1));
        assertTrue(message.startsWith("a.jsonl: the zstd stream is damaged or cut off at or before byte " + (zstd.length - 1) + " of the compressed file ("), message);
        assertTrue(message.endsWith("Check it with zstd -t and fetch it again"), message);
    }

    @Test
    void damageIsFoundByTheChecksum() throws IOException {
        byte[] gzip = Packed.GZIP.of(LINES);
        gzip[gzip.length - 5] ^= 1;
        assertTrue(message(gzip).contains("(the checksum is wrong)"), message(gzip));
        gzip[gzip.length - 5] ^= 1;
        gzip[gzip.length - 1] ^= 1;
        assertTrue(message(gzip).contains("(the length is wrong)"), message(gzip));
    }

    @Test
    void aSecondMemberThatIsDamagedIsNotTakenForPadding() throws IOException {
        byte[] first = Packed.GZIP.of(LINES);
        assertTrue(message(join(first, "junk".getBytes(StandardCharsets.UTF_8))).contains(
                "at byte " + (first.length + 1) + " of the compressed file (no gzip member begins here)"));
        byte[] second = first.clone();
        second[2] = 9;
        assertTrue(message(join(first, second)).contains("(the header of a member is damaged)"));
        Files.write(home.resolve("a.jsonl"), join(first, new byte[512]));
        assertEquals(5000, count(home.resolve("a.jsonl")), "zeros are padding");
    }

    @Test
    void everyPartOfAGzipHeaderIsPassedOver() throws IOException {
        byte[] plain = Packed.GZIP.of(LINES);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        // flags: header checksum, extra, name, comment
        out.write(new byte[] {0x1F, (byte) 0x8B, 8, 2 | 4 | 8 | 16, 0, 0, 0, 0, 0, 3, 2, 0, 'x', 'y', 'n', 0, 'c', 0, 1, 2});
        out.write(plain, 10, plain.length - 10);
        assertEquals(5000, count(Files.write(home.resolve("a.jsonl"), out.toByteArray())));
    }

    @Test
    void compressionsThatAreNotReadAreNamed() throws IOException {
        assertEquals("a.jsonl is compressed with xz, which is not read; gzip and zstd are. Unpack it, or pack it anew with gzip or zstd",
                message(new byte[] {(byte) 0xFD, '7', 'z', 'X', 'Z', 0, 0, 4}));
        assertTrue(message("BZh91AY".getBytes(StandardCharsets.UTF_8)).startsWith("a.jsonl is compressed with bzip2"));
        assertTrue(message(new byte[] {'P', 'K', 3, 4, 20}).startsWith("a.jsonl is compressed with zip"));
    }

    @Test
    void offsetsOfBytesThatAreNotUtf8AreThoseOfTheContents() throws IOException {
        byte[] bytes = Packed.GZIP.of("{\"a\": 1}\n{\"a\": \"\u00e9\"}\n".getBytes(StandardCharsets.ISO_8859_1));
        Path file = Files.write(home.resolve("a.jsonl"), bytes);
        try (RowSource rows = open(file)) {
            rows.next();
            assertTrue(assertThrows(RowError.class, rows::next).getMessage().startsWith("a.jsonl:2: byte 0xE9 at offset 16 of the decompressed file"));
        }
    }

    private static byte[] join(byte[] a, byte[] b) {
        byte[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    private String message(byte[] bytes) throws IOException {
        Path file = Files.write(home.resolve("a.jsonl"), bytes);
        return assertThrows(UserError.class, () -> count(file)).getMessage();
    }

    private static int count(Path file) throws IOException {
        int n = 0;
        try (RowSource rows = open(file)) {
            while (rows.next() != null) {
                n++;
            }
        }
        return n;
    }

    private static RowSource open(Path file) {
        return RowSources.open(new CorpusFile(file, "a.jsonl", Format.JSONL), ReadOptions.of(List.of()));
    }
}

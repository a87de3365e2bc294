package io.softq4j.model.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.common.UserError;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsTest {

    private static final String ONE = "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}";

    @TempDir
    Path directory;

    @Test
    void whatIsWrittenIsReadBackBitForBit() {
        float[] weights = new float[100_003];
        Random random = new Random(1);
        for (int i = 0; i < weights.length; i++) {
            weights[i] = Float.intBitsToFloat(random.nextInt());
        }
        Path file = directory.resolve("model.safetensors");
        Safetensors.write(file, List.of(
                new Tensor("wte.weight", List.of(100_003, 1), FloatBuffer.wrap(weights)),
                new Tensor("h.0.\"odd\" name \u00e9", List.of(), FloatBuffer.wrap(new float[] {-0f})),
                new Tensor("empty", List.of(0, 7), FloatBuffer.allocate(0))));
        try (Safetensors read = Safetensors.open(file)) {
            assertEquals(Map.of("format", "pt"), read.metadata());
            assertEquals(List.of("empty", "h.0.\"odd\" name \u00e9", "wte.weight"), new ArrayList<>(read.names()));
            assertEquals(List.of(0, 7), read.info("empty").shape());
            FloatBuffer back = ByteBuffer.allocateDirect(4 * weights.length).order(ByteOrder.nativeOrder()).asFloatBuffer();
            read.read("wte.weight", List.of(100_003, 1), back);
            for (int i = 0; i < weights.length; i++) {
                assertEquals(Float.floatToRawIntBits(weights[i]), Float.floatToRawIntBits(back.get(i)));
            }
            FloatBuffer scalar = FloatBuffer.allocate(1);
            read.read("h.0.\"odd\" name \u00e9", List.of(), scalar);
            assertEquals(Integer.MIN_VALUE, Float.floatToRawIntBits(scalar.get(0)));
        }
    }

    /** The layout of the specification, written out by hand. */
    @Test
    void theBytesAreThoseOfTheSpecification() throws IOException {
        Path file = directory.resolve("a.safetensors");
        Safetensors.write(file, List.of(new Tensor("b", List.of(1), FloatBuffer.wrap(new float[] {2})),
                new Tensor("a", List.of(1, 1), FloatBuffer.wrap(new float[] {1}))));
        String header = "{\"__metadata__\":{\"format\":\"pt\"},\"a\":{\"dtype\":\"F32\",\"shape\":[1,1],\"data_offsets\":[0,4]},"
                + "\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}";
        header += " ".repeat((8 - header.length() % 8) % 8);
        byte[] expected = ByteBuffer.allocate(8 + header.length() + 8).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length())
                .put(header.getBytes(StandardCharsets.UTF_8)).putFloat(1).putFloat(2).array();
        assertArrayEquals(expected, Files.readAllBytes(file));
    }

    /**
     * Written by the reference implementation, safetensors 0.8.0 for Python:
     * <pre>
     * h = np.array([[1, -2, 65504], [2**-24, np.inf, 0.333]], np.float16)
     * base64.b64encode(safetensors.numpy.save({"h": h, "s": np.array(2.5, np.float32), "e": np.zeros((0, 3), np.float16), "i": np.arange(2)},
     *         {"format": "pt"}))
     * </pre>
     */
    @Test
    void aFileOfTheReferenceImplementationIsRead() throws IOException {
        Path file = Files.write(directory.resolve("reference"),
                Base64.getDecoder().decode("AAEAAAAAAAB7Il9fbWV0YWRhdGFfXyI6eyJmb3JtYXQiOiJwdCJ9LCJpIjp7ImR0eX"
                + "BlIjoiSTY0Iiwic2hhcGUiOlsyXSwiZGF0YV9vZmZzZXRzIjpbMCwxNl19LCJzIjp7ImR0eXBlIjoiRjMyIiwic2hhcGUiOltdLCJkYXRhX29mZnNldHMiOlsxNiwyMF19"
                + "LCJlIjp7ImR0eXBlIjoiRjE2Iiwic2hhcGUiOlswLDNdLCJkYXRhX29mZnNldHMiOlsyMCwyMF19LCJoIjp7ImR0eXBlIjoiRjE2Iiwic2hhcGUiOlsyLDNdLCJkYXRhX2"
                + "9mZnNldHMiOlsyMCwzMl19fSAgAAAAAAAAAAABAAAAAAAAAAAAIEAAPADA/3sBAAB8VDU="));
        try (Safetensors read = Safetensors.open(file)) {
            assertEquals(List.of("i", "s", "e", "h"), List.copyOf(read.names()));
            assertEquals(Map.of("format", "pt"), read.metadata());
            assertEquals(DType.I64, read.info("i").dtype());
            float[] h = new float[6];
            read.read("h", List.of(2, 3), FloatBuffer.wrap(h));
            assertArrayEquals(new float[] {1, -2, 65504, 0x1p-24f, Float.POSITIVE_INFINITY, 0x1.55p-2f}, h);
            float[] s = new float[1];
            read.read("s", List.of(), FloatBuffer.wrap(s));
            assertEquals(2.5f, s[0]);
            read.read("e", List.of(0, 3), FloatBuffer.allocate(0));
        }
    }

    /**
     * Values from the definitions: bfloat16 is the upper half of binary32; binary16 0x3c00 = 1, 0x0001 = 2^-24, 0x7bff = 65504, 0x7c00 =
     * inf.
     */
    @Test
    void halfAndBrainFloatsBecomeFloats() throws IOException {
        short[] half = {0x3c00, (short) 0xc000, 0x0001, 0x03ff, 0x7bff, 0x7c00, (short) 0x8000, 0x3555};
        short[] brain = {0x3f80, (short) 0xc000, 0x4049, 0x7f80};
        ByteBuffer data = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
        for (short s : half) {
            data.putShort(s);
        }
        for (short s : brain) {
            data.putShort(s);
        }
        Path file = file("{\"h\":{\"dtype\":\"F16\",\"shape\":[2,4],\"data_offsets\":[0,16]},"
                + "\"b\":{\"dtype\":\"BF16\",\"shape\":[4],\"data_offsets\":[16,24]}}",
                data.array());
        try (Safetensors read = Safetensors.open(file)) {
            float[] h = new float[8];
            read.read("h", List.of(2, 4), FloatBuffer.wrap(h));
            assertArrayEquals(new float[] {1, -2, 0x1p-24f, 1023 * 0x1p-24f, 65504, Float.POSITIVE_INFINITY, -0f, 0x1.554p-2f}, h);
            float[] b = new float[4];
            read.read("b", List.of(4), FloatBuffer.wrap(b));
            assertArrayEquals(new float[] {1, -2, 3.140625f, Float.POSITIVE_INFINITY}, b);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,4]}} | tensor 'a': F32 of shape [2] takes 8 bytes, data_offsets are [0, 4]",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}} | its tensors take 4 bytes, the file has 8 after the header",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}} | tensor 'a' begins at byte 4 of the data, the one before ends at 0",
        "{'a':{'dtype':'F32','shape':[3],'data_offsets':[0,12]}} | its tensors take 12 bytes, the file has 8 after the header",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},'b':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}} | tensor 'b' begins "
        + "at byte 4",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[8,0]}}                 | data_offsets are [8, 0]",
        "{'a':{'dtype':'F32','shape':[2147483647,2147483647,2147483647],'data_offsets':[0,8]}} | tensor 'a': shape [2147483647, "
                + "2147483647, 2147483647] overflows",
        "{'a':{'dtype':'F32','shape':[-2],'data_offsets':[0,8]}} | tensor 'a', shape: -2 is not between 0 and 2147483647",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,99999999999999999999]}} | 99999999999999999999 is not between 0 and",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}} | tensor 'a' "
        + "appears twice",
        "{'a':{'dtype':'F32','dtype':'F32','shape':[2],'data_offsets':[0,8]}} | tensor 'a' has the key 'dtype' twice",
        "{'a':{'dtype':'F31','shape':[2],'data_offsets':[0,8]}} | tensor 'a' has the unknown dtype 'F31'",
        "{'a':{'dtype':'F32','shape':[2]}} | tensor 'a' must have dtype, shape and two data_offsets",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8],'x':1}} | tensor 'a' has the unknown key 'x'",
        "{'a':[1]} | tensor 'a': an object expected, a list found",
        "{'__metadata__':{'k':1},'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}} | __metadata__.k: a text expected",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}} {} | its header goes on after the JSON object",
        "{'a':{'dtype':'F32','shape':[2] | its header is not valid JSON",
        "[1] | its header is not a JSON object",
        "{'__metadata__':{},'__metadata__':{},'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}} | key __metadata__ appears twice",
        "{'__metadata__':{'k':'1','k':'2'},'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}} | key __metadata__.k appears twice",
        "{'a':{'dtype':'F32','shape':[2],'shape':[2],'data_offsets':[0,8]}} | tensor 'a' has the key 'shape' twice",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8],'data_offsets':[0,8]}} | tensor 'a' has the key 'data_offsets' twice",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]},'b':{'dtype':'F16','shape':[1],'data_offsets':[6,8]}} | tensor 'b' begins "
        + "at byte 6 of "
                + "the data, the one before ends at 4",
        "{'a':{'dtype':'F31','shape':[2],'data_offsets':[0,8]}} | known are [BOOL, U8,",
        "{'a':{'dtype':7,'shape':[2],'data_offsets':[0,8]}} | tensor 'a', dtype: a text expected, a whole number found",
        "{'a':{'dtype':'F32','shape':[2.0],'data_offsets':[0,8]}} | tensor 'a', shape: a whole number expected, a number found",
        "{'a':{'dtype':'F32','shape':2,'data_offsets':[0,8]}} | tensor 'a', shape: a list expected, a whole number found",
        "{'a':{'dtype':'F32','shape':[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,2],'data_offsets':[0,8]}} | tensor "
        + "'a', shape "
                + "has more than 32 numbers",
    })
    void aHeaderThatViolatesTheFormatIsRefusedByName(String header, String complaint) throws IOException {
        Path file = file(header.replace('\'', '"'), new byte[8]);
        String message = assertThrows(UserError.class, () -> Safetensors.open(file)).getMessage();
        assertTrue(message.startsWith(file + " is not a whole safetensors file: "), message);
        assertTrue(message.contains(complaint), message);
    }

    @Test
    void aHeaderLengthBeyondTheFileOrTheBoundIsRefusedBeforeItIsAllocated() throws IOException {
        for (long length : new long[] {-1, Long.MAX_VALUE, 9, 100_000_001}) {
            Path file = Files.write(directory.resolve("long"),
                    ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(length).putLong(0).array());
            String message = assertThrows(UserError.class, () -> Safetensors.open(file)).getMessage();
            assertTrue(message.contains("its header claims " + Long.toUnsignedString(length) + " bytes, allowed are at most 8"), message);
        }
        Path shorter = Files.write(directory.resolve("short"), new byte[3]);
        assertTrue(assertThrows(UserError.class, () -> Safetensors.open(shorter)).getMessage().contains("it has 3 bytes"));
    }

    /** A sparse file, so that the header's length is bounded by the format alone. */
    @Test
    void aHeaderOfMoreThanAHundredMegabytesIsRefused() throws IOException {
        Path file = Files.write(directory.resolve("long"), ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(0, 100_000_001)
                .array());
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(1), 200_000_000);
        }
        String message = assertThrows(UserError.class, () -> Safetensors.open(file)).getMessage();
        assertTrue(message.contains("its header claims 100000001 bytes, allowed are at most 100000000 in this file"), message);
    }

    @Test
    void aHeaderThatIsNotUtf8IsRefused() throws IOException {
        byte[] bytes = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(8).put("{\"".getBytes(StandardCharsets.UTF_8))
                .put((byte) 0xff).array();
        Path file = Files.write(directory.resolve("latin"), bytes);
        String message = assertThrows(UserError.class, () -> Safetensors.open(file)).getMessage();
        assertTrue(message.contains("its header is not UTF-8"), message);
    }

    @Test
    void aGitLfsPointerIsToldFromADamagedFile() throws IOException {
        Path file = Files.writeString(directory.resolve("model.safetensors"), "version https://git-lfs.github.com/spec/v1\noid "
                + "sha256:00\nsize 9\n");
        String message = assertThrows(UserError.class, () -> Safetensors.open(file)).getMessage();
        assertTrue(message.startsWith(file + " is a Git LFS pointer, not the weights"), message);
        assertTrue(message.contains("Run git lfs pull in " + directory), message);
    }

    @Test
    void aTypeWithoutConversionIsRefusedByNameWithARemedy() throws IOException {
        Path file = file("{\"d\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[0,8]}}", new byte[8]);
        try (Safetensors read = Safetensors.open(file)) {
            assertEquals(DType.F64, read.info("d").dtype());
            String message = assertThrows(UserError.class, () -> read.read("d", List.of(1), FloatBuffer.allocate(1))).getMessage();
            assertEquals(file + ": tensor 'd' is F64; readable as weights are F32, F16 and BF16. F64 would be rounded unasked: convert it "
                    + "in Python with"
                    + " model.float().save_pretrained(DIRECTORY).", message);
        }
        Path written = directory.resolve("f16");
        String message = assertThrows(UserError.class, () -> Safetensors.write(written, List.of(), DType.F16)).getMessage();
        assertEquals("weights cannot be written as F16; allowed are F32, which keeps every bit, and BF16, which takes half the space."
                + " F16 would turn weights beyond 65504 into infinities: choose BF16.", message);
        assertFalse(Files.exists(written));
    }

    @Test
    void aNameIsWrittenOnce() {
        FloatBuffer tied = FloatBuffer.allocate(2);
        List<Tensor> twice = List.of(new Tensor("wte", List.of(2), tied), new Tensor("wte", List.of(2), tied));
        Path file = directory.resolve("twice");
        assertEquals("two tensors named wte", assertThrows(IllegalArgumentException.class, () -> Safetensors.write(file, twice))
                .getMessage());
        List<Tensor> reserved = List.of(new Tensor("__metadata__", List.of(2), tied));
        assertThrows(IllegalArgumentException.class, () -> Safetensors.write(file, reserved));
        assertFalse(Files.exists(file));
    }

    @Test
    void aPartIsTheSameAsThatPartOfTheWhole() {
        float[] weights = new float[70_001];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = i;
        }
        Path file = directory.resolve("model.safetensors");
        Safetensors.write(file, List.of(new Tensor("a", List.of(3), FloatBuffer.allocate(3)), new Tensor("w", List.of(70_001),
                FloatBuffer.wrap(weights))));
        try (Safetensors read = Safetensors.open(file)) {
            for (int first : new int[] {0, 1, 65_535, 70_000, 70_001}) {
                float[] part = new float[Math.min(66_000, 70_001 - first)];
                read.readPart("w", List.of(70_001), first, FloatBuffer.wrap(part));
                assertArrayEquals(Arrays.copyOfRange(weights, first, first + part.length), part);
            }
            for (long first : new long[] {-1, 70_000, Long.MAX_VALUE}) {
                assertThrows(IndexOutOfBoundsException.class, () -> read.readPart("w", List.of(70_001), first, FloatBuffer.allocate(2)));
            }
        }
    }

    @Test
    void aFileCutShortWhileOpenIsAnError() throws IOException {
        Path file = file(ONE, new byte[8]);
        try (Safetensors read = Safetensors.open(file)) {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(channel.size() - 1);
            }
            String message = assertThrows(UserError.class, () -> read.read("a", List.of(2), FloatBuffer.allocate(2))).getMessage();
            assertTrue(message.startsWith("cannot read " + file + ": the file ended early."), message);
        }
    }

    @Test
    void aMissingFileTensorOrShapeIsNamed() throws IOException {
        assertTrue(assertThrows(UserError.class, () -> Safetensors.open(directory.resolve("none"))).getMessage()
                .startsWith("no safetensors file at " + directory.resolve("none")));
        Path file = file(ONE, new byte[8]);
        try (Safetensors read = Safetensors.open(file)) {
            assertTrue(assertThrows(UserError.class, () -> read.info("b")).getMessage().startsWith(file
                    + " has no tensor 'b'. It has 1: a."));
            String message = assertThrows(UserError.class, () -> read.read("a", List.of(1, 2), FloatBuffer.allocate(2))).getMessage();
            assertTrue(message.startsWith(file + ": tensor 'a' has shape [2], the model needs [1, 2]"), message);
        }
        Path integers = file("{\"a\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[0,8]}}", new byte[8]);
        try (Safetensors read = Safetensors.open(integers)) {
            String message = assertThrows(UserError.class, () -> read.read("a", List.of(1), FloatBuffer.allocate(1))).getMessage();
            assertTrue(message.contains("tensor 'a' is I64; readable as weights are F32, F16 and BF16"), message);
        }
    }

    /** A sparse file, so that 3 GB of tensor cost no disk; values around and beyond every 2 GiB boundary of the file and of the tensor. */
    @Test
    void aTensorBeyondTwoGigabytesIsRead() throws IOException {
        long bytes = 3L << 30;
        String header = "{\"big\":{\"dtype\":\"F32\",\"shape\":[3,268435456],\"data_offsets\":[0," + bytes + "]},"
                + "\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[" + bytes + "," + (bytes + 4) + "]}}";
        Path file = file(header, new byte[0]);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            long start = channel.size();
            for (long at : new long[] {(2L << 30) - 4, 2L << 30, bytes - 4, bytes}) {
                channel.write(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(0, at), start + at);
            }
        }
        try (Safetensors read = Safetensors.open(file)) {
            float[] w = new float[1];
            read.read("w", List.of(1), FloatBuffer.wrap(w));
            assertEquals(bytes, w[0]);
            float[] part = new float[3];
            read.readPart("big", List.of(3, 268_435_456), (1L << 29) - 2, FloatBuffer.wrap(part));
            assertArrayEquals(new float[] {0, (2L << 30) - 4, 2L << 30}, part);
            read.readPart("big", List.of(3, 268_435_456), bytes / 4 - 3, FloatBuffer.wrap(part));
            assertArrayEquals(new float[] {0, 0, bytes - 4}, part);
        }
    }

    private Path file(String header, byte[] data) throws IOException {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        return Files.write(directory.resolve("file.safetensors"),
                ByteBuffer.allocate(8 + json.length + data.length).order(ByteOrder.LITTLE_ENDIAN).putLong(json.length).put(json).put(data)
                .array());
    }
}

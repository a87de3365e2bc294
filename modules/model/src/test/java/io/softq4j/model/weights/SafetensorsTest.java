package io.softq4j.model.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
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

    /** Values from the definitions: bfloat16 is the upper half of binary32; binary16 0x3c00 = 1, 0x0001 = 2^-24, 0x7bff = 65504, 0x7c00 = inf. */
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
        assertTrue(Float.isNaN(DType.half((short) 0x7e00)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,4]}} | tensor 'a': F32 of shape [2] takes 8 bytes, data_offsets are [0, 4]",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}} | its tensors take 4 bytes, the file has 8 after the header",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}} | tensor 'a' begins at byte 4 of the data, the one before ends at 0",
        "{'a':{'dtype':'F32','shape':[3],'data_offsets':[0,12]}} | its tensors take 12 bytes, the file has 8 after the header",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},'b':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}} | tensor 'b' begins at byte 4",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[8,0]}}                 | data_offsets are [8, 0]",
        "{'a':{'dtype':'F32','shape':[2147483647,2147483647,2147483647],'data_offsets':[0,8]}} | tensor 'a': shape [2147483647, "
                + "2147483647, 2147483647] overflows",
        "{'a':{'dtype':'F32','shape':[-2],'data_offsets':[0,8]}} | tensor 'a', shape: -2 is not between 0 and 2147483647",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,99999999999999999999]}} | 99999999999999999999 is not between 0 and",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}} | tensor 'a' appears twice",
        "{'a':{'dtype':'F32','dtype':'F32','shape':[2],'data_offsets':[0,8]}} | tensor 'a' has the key 'dtype' twice",
        "{'a':{'dtype':'F31','shape':[2],'data_offsets':[0,8]}} | tensor 'a' has the unknown dtype 'F31'",
        "{'a':{'dtype':'F32','shape':[2]}} | tensor 'a' must have dtype, shape and two data_offsets",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8],'x':1}} | tensor 'a' has the unknown key 'x'",
        "{'a':[1]} | tensor 'a': START_OBJECT expected, START_ARRAY found",
        "{'__metadata__':{'k':1},'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}} | __metadata__.k: VALUE_STRING expected",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}} {} | its header goes on after the JSON object",
        "{'a':{'dtype':'F32','shape':[2] | its header is not valid JSON",
        "[1] | its header is not a JSON object",
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

    @Test
    void aMissingFileTensorOrShapeIsNamed() throws IOException {
        assertTrue(assertThrows(UserError.class, () -> Safetensors.open(directory.resolve("none"))).getMessage()
                .startsWith("no safetensors file at " + directory.resolve("none")));
        Path file = file(ONE, new byte[8]);
        try (Safetensors read = Safetensors.open(file)) {
            assertTrue(assertThrows(UserError.class, () -> read.info("b")).getMessage().startsWith(file + " has no tensor 'b'. It has 1: a."));
            String message = assertThrows(UserError.class, () -> read.read("a", List.of(1, 2), FloatBuffer.allocate(2))).getMessage();
            assertTrue(message.startsWith(file + ": tensor 'a' has shape [2], the model needs [1, 2]"), message);
        }
        Path integers = file("{\"a\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[0,8]}}", new byte[8]);
        try (Safetensors read = Safetensors.open(integers)) {
            String message = assertThrows(UserError.class, () -> read.read("a", List.of(1), FloatBuffer.allocate(1))).getMessage();
            assertTrue(message.contains("tensor 'a' is I64; readable as weights are F32, F16 and BF16"), message);
        }
    }

    /** Every outcome but a clean open or a UserError fails this test: no other exception, no out-of-memory. */
    @Test
    void randomDamageIsEitherRefusedOrHarmless() throws IOException {
        Path whole = directory.resolve("whole");
        Safetensors.write(whole, List.of(new Tensor("h.0.weight", List.of(3, 5), FloatBuffer.allocate(15)),
                new Tensor("h.0.bias", List.of(5), FloatBuffer.allocate(5)), new Tensor("ln", List.of(2), FloatBuffer.allocate(2))));
        byte[] good = Files.readAllBytes(whole);
        Random random = new Random(20240901);
        Path damaged = directory.resolve("damaged");
        int refused = 0;
        for (int i = 0; i < 3000; i++) {
            byte[] bytes = good.clone();
            if (random.nextInt(4) == 0) {
                bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length + 20));
            }
            int header = 8 + (int) ByteBuffer.wrap(good).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
            for (int k = random.nextInt(4); k >= 0; k--) {
                int at = random.nextInt(header);
                if (at < bytes.length) {
                    bytes[at] = random.nextBoolean() ? (byte) random.nextInt() : (byte) "0123456789[]{},:\"".charAt(random.nextInt(17));
                }
            }
            Files.write(damaged, bytes);
            try (Safetensors read = Safetensors.open(damaged)) {
                for (String name : read.names()) {
                    TensorInfo info = read.info(name);
                    assertTrue(info.end() <= good.length && info.begin() >= 0);
                    if (info.dtype().isReadable()) {
                        read.read(name, info.shape(), FloatBuffer.allocate((int) info.size()));
                    }
                }
            } catch (UserError e) {
                refused++;
                assertTrue(e.getMessage().contains(damaged.toString()), e.getMessage());
            }
        }
        assertTrue(refused > 2000, "refused " + refused);
    }

    /** A sparse file, so that 3 GB of tensor cost no disk; the last value lies beyond every 2 GiB boundary. */
    @Test
    void aTensorBeyondTwoGigabytesIsRead() throws IOException {
        long first = 3L << 30;
        String header = "{\"big\":{\"dtype\":\"U8\",\"shape\":[1073741824,3],\"data_offsets\":[0," + first + "]},"
                + "\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[" + first + "," + (first + 4) + "]}}";
        Path file = file(header, new byte[0]);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(0, 1.5f), channel.size() + first);
        }
        try (Safetensors read = Safetensors.open(file)) {
            FloatBuffer w = FloatBuffer.allocate(1);
            read.read("w", List.of(1), w);
            assertEquals(1.5f, w.get(0));
        }
    }

    private Path file(String header, byte[] data) throws IOException {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        return Files.write(directory.resolve("file.safetensors"),
                ByteBuffer.allocate(8 + json.length + data.length).order(ByteOrder.LITTLE_ENDIAN).putLong(json.length).put(json).put(data).array());
    }
}

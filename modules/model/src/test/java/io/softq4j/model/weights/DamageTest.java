package io.softq4j.model.weights;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.softq4j.common.UserError;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * Seeded damage to files and headers. Every outcome but a clean read or a UserError that names the file fails: no other exception, no
 * out-of-memory.
 */
class DamageTest {

    /** What a damaged header may have in place of something else. */
    private static final List<String> PIECES = List.of("{", "}", "[", "]", ",", ":", "\"", "0", "-1", "1e9", "2147483647",
            "9223372036854775807",
            "99999999999999999999", "null", "true", "\"F32\"", "\"F64\"", "\"BF16\"", "\"I4\"", "\"dtype\"", "\"shape\"",
            "\"data_offsets\"",
            "\"__metadata__\"", "\"h.0.bias\"", "\\u0000", "\\ud800", "[[[[", "{\"a\":{", "\u00e9", "\"../x.safetensors\"",
            "\"weight_map\"",
            "\"model-00001-of-00003.safetensors\"", "\"metadata\"", "\"total_size\"");

    @TempDir
    Path directory;
    private Path model;

    @BeforeEach
    void write() {
        // thousands of indexes with another total_size
        ((Logger) LoggerFactory.getLogger(WeightFiles.class)).setLevel(Level.ERROR);
        model = directory.resolve("model");
        WeightFiles.write(model, List.of(new Tensor("h.0.weight", List.of(3, 5), FloatBuffer.allocate(15)),
                new Tensor("h.0.bias", List.of(5), FloatBuffer.allocate(5)), new Tensor("ln", List.of(2), FloatBuffer.allocate(2))), 27,
                DType.F32);
    }

    @AfterEach
    void logAgain() {
        ((Logger) LoggerFactory.getLogger(WeightFiles.class)).setLevel(null);
    }

    @Test
    void damagedBytesAreEitherRefusedOrHarmless() throws IOException {
        Path file = model.resolve("model-00001-of-00003.safetensors");
        byte[] good = Files.readAllBytes(file);
        Random random = new Random(20240901);
        int header = 8 + headerLength(good);
        int refused = 0;
        for (int i = 0; i < 1500; i++) {
            byte[] bytes = random.nextInt(4) == 0 ? Arrays.copyOf(good, random.nextInt(good.length + 20)) : good.clone();
            for (int k = random.nextInt(4); k >= 0; k--) {
                int at = random.nextInt(header);
                if (at < bytes.length) {
                    bytes[at] = random.nextBoolean() ? (byte) random.nextInt() : (byte) "0123456789[]{},:\"".charAt(random.nextInt(17));
                }
            }
            Files.write(file, bytes);
            refused += isRefused() ? 1 : 0;
        }
        assertTrue(refused > 1000, "refused " + refused);
    }

    /** The length before the header is right, so that the damage reaches the parser and the checks behind it. */
    @Test
    void damagedHeadersAreEitherRefusedOrHarmless() throws IOException {
        Path file = model.resolve("model-00001-of-00003.safetensors");
        byte[] good = Files.readAllBytes(file);
        int length = headerLength(good);
        String header = new String(good, 8, length, StandardCharsets.UTF_8);
        Random random = new Random(20240902);
        int refused = 0;
        for (int i = 0; i < 1500; i++) {
            byte[] damaged = damaged(header, random).getBytes(StandardCharsets.UTF_8);
            Files.write(file, ByteBuffer.allocate(good.length - length + damaged.length).order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(damaged.length)
                    .put(damaged).put(good, 8 + length, good.length - 8 - length).array());
            refused += isRefused() ? 1 : 0;
        }
        assertTrue(refused > 1000, "refused " + refused);
    }

    @Test
    void aDamagedIndexIsEitherRefusedOrHarmless() throws IOException {
        Path file = model.resolve("model.safetensors.index.json");
        String index = Files.readString(file);
        Random random = new Random(20240903);
        int refused = 0;
        for (int i = 0; i < 1500; i++) {
            Files.writeString(file, damaged(index, random));
            refused += isRefused() ? 1 : 0;
        }
        assertTrue(refused > 1000, "refused " + refused);
    }

    private boolean isRefused() {
        try (WeightFiles read = WeightFiles.open(model)) {
            for (String name : read.names()) {
                TensorInfo info = read.info(name);
                assertTrue(info.begin() >= 0 && info.end() <= 60 && info.size() <= 60, info.toString());
                if (info.dtype().isReadable()) {
                    read.read(name, info.shape(), FloatBuffer.allocate((int) info.size()));
                }
            }
            return false;
        } catch (UserError e) {
            assertTrue(e.getMessage().contains(model.toString()), e.getMessage());
            return true;
        }
    }

    /** Cuts pieces out and puts others in, one to three times. */
    private static String damaged(String text, Random random) {
        StringBuilder damaged = new StringBuilder(text);
        for (int k = random.nextInt(3); k >= 0; k--) {
            int from = random.nextInt(damaged.length());
            int to = Math.min(damaged.length(), from + random.nextInt(6) * random.nextInt(6));
            String piece = random.nextInt(4) == 0 ? damaged.substring(from, to).repeat(2) : PIECES.get(random.nextInt(PIECES.size()));
            damaged.replace(from, to, piece);
        }
        return damaged.toString();
    }

    private static int headerLength(byte[] file) {
        return (int) ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
    }
}

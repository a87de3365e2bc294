package io.softq4j.model.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Random tensors of every rank from 0 to 4, some of them empty. */
class RoundTripTest {

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource(names = {"F32", "BF16"})
    void whatIsWrittenComesBackToThePrecisionOfItsType(DType dtype) {
        Random random = new Random(3);
        for (int trial = 0; trial < 15; trial++) {
            List<Tensor> tensors = new ArrayList<>();
            for (int i = random.nextInt(12); i >= 0; i--) {
                List<Integer> shape = shape(random);
                tensors.add(new Tensor("t" + i, shape, values(random, WritableTensor.size(shape))));
            }
            Path target = directory.resolve("model");
            WeightFiles.write(target, tensors, 1 + random.nextInt(40_000), dtype);
            try (WeightFiles read = WeightFiles.open(target)) {
                assertEquals(tensors.size(), read.names().size());
                for (Tensor tensor : tensors) {
                    assertEquals(dtype, read.info(tensor.name()).dtype());
                    assertEquals(tensor.shape(), read.info(tensor.name()).shape());
                    FloatBuffer back = back(random, tensor.size());
                    read.read(tensor.name(), tensor.shape(), back);
                    for (int i = 0; i < tensor.size(); i++) {
                        float value = tensor.values().get(i);
                        float expected = dtype == DType.F32 ? value : BFloat16.toFloat(BFloat16.fromFloat(value));
                        assertEquals(Float.floatToRawIntBits(expected), Float.floatToRawIntBits(back.get(i)));
                    }
                }
            }
        }
    }

    /** Types that are only read are written here by hand, at odd offsets too, as older files have them. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void everyReadableTypeIsReadAtAnyAlignment(int padding) throws IOException {
        Random random = new Random(padding);
        for (DType dtype : List.of(DType.F32, DType.F16, DType.BF16)) {
            int size = 150_001;
            ByteBuffer data = ByteBuffer.allocate(size * dtype.bytes()).order(ByteOrder.LITTLE_ENDIAN);
            random.nextBytes(data.array());
            byte[] header = ("{\"w\":{\"dtype\":\"" + dtype + "\",\"shape\":[" + size + "],\"data_offsets\":[0," + data.capacity() + "]}}"
                    + " ".repeat(padding)).getBytes(StandardCharsets.UTF_8);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            bytes.write(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(0, header.length).array());
            bytes.write(header);
            bytes.write(data.array());
            Path file = Files.write(directory.resolve("w"), bytes.toByteArray());
            FloatBuffer back = back(random, size);
            try (Safetensors read = Safetensors.open(file)) {
                read.read("w", List.of(size), back);
            }
            for (int i = 0; i < size; i++) {
                float expected = switch (dtype) {
                    case F32 -> data.getFloat(4 * i);
                    case F16 -> Binary16.toFloat(data.getShort(2 * i));
                    default -> BFloat16.toFloat(data.getShort(2 * i));
                };
                assertEquals(Float.floatToRawIntBits(expected), Float.floatToRawIntBits(back.get(i)));
            }
        }
    }

    private static List<Integer> shape(Random random) {
        Integer[] shape = new Integer[random.nextInt(5)];
        Arrays.setAll(shape, i -> random.nextInt(8) == 0 ? 0 : 1 + random.nextInt(9));
        return List.of(shape);
    }

    private static FloatBuffer values(Random random, int size) {
        FloatBuffer values = back(random, size);
        for (int i = 0; i < size; i++) {
            values.put(i, Float.intBitsToFloat(random.nextInt()));
        }
        return values;
    }

    /** On the heap or not, in the order of the machine or the other. */
    private static FloatBuffer back(Random random, int size) {
        return switch (random.nextInt(3)) {
            case 0 -> FloatBuffer.allocate(size);
            case 1 -> ByteBuffer.allocateDirect(4 * size).order(ByteOrder.nativeOrder()).asFloatBuffer();
            default -> ByteBuffer.allocateDirect(4 * size).order(ByteOrder.BIG_ENDIAN).asFloatBuffer();
        };
    }
}

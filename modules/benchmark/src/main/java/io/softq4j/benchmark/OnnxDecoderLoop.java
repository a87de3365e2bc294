package io.softq4j.benchmark;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.softq4j.model.DecoderGraph;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Greedy decoding in ONNX Runtime with the model that {@link io.softq4j.onnx.OnnxDecoder} wrote: inputs, caches and outputs are direct buffers that
 * are bound once, so that a step copies the new keys and values only.
 */
final class OnnxDecoderLoop implements AutoCloseable {

    private static final float HIDDEN = -1e9f;

    private final ModelShape shape;
    private final int capacity = Prompts.LENGTH + Prompts.NEW_TOKENS;
    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final OrtSession session;
    private final Map<String, OnnxTensor> inputs = new HashMap<>();
    private final Map<String, OnnxTensor> outputs = new HashMap<>();
    private final LongBuffer tokens;
    private final LongBuffer positions;
    private final FloatBuffer mask;
    private final FloatBuffer logits;
    private final FloatBuffer[] past;
    private final FloatBuffer[] present;

    OnnxDecoderLoop(ModelShape shape, Path model, int threads) throws OrtException {
        this.shape = shape;
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(threads);
            options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
            session = environment.createSession(model.toString(), options);
        }
        int rows = Prompts.ROWS;
        int width = shape.width() / shape.heads();
        tokens = ids(DecoderGraph.TOKENS);
        positions = ids(DecoderGraph.POSITIONS);
        mask = floats(inputs, DecoderGraph.MASK, rows, 1, 1, capacity);
        logits = floats(outputs, "logits", rows, shape.vocabulary());
        past = new FloatBuffer[2 * shape.layers()];
        present = new FloatBuffer[past.length];
        for (int i = 0; i < past.length; i++) {
            past[i] = floats(inputs, "past." + i, rows, shape.heads(), capacity, width);
            present[i] = floats(outputs, "present." + i, rows, shape.heads(), 1, width);
        }
    }

    private LongBuffer ids(String name) throws OrtException {
        ByteBuffer bytes = ByteBuffer.allocateDirect(Prompts.ROWS * Long.BYTES).order(ByteOrder.nativeOrder());
        inputs.put(name, OnnxTensor.createTensor(environment, bytes, new long[] {Prompts.ROWS}, OnnxJavaType.INT64));
        return bytes.asLongBuffer();
    }

    private FloatBuffer floats(Map<String, OnnxTensor> into, String name, long... extents) throws OrtException {
        int size = (int) Arrays.stream(extents).reduce(1, Math::multiplyExact);
        ByteBuffer bytes = ByteBuffer.allocateDirect(size * Float.BYTES).order(ByteOrder.nativeOrder());
        into.put(name, OnnxTensor.createTensor(environment, bytes, extents, OnnxJavaType.FLOAT));
        return bytes.asFloatBuffer();
    }

    /** Version of ONNX Runtime. */
    String name() {
        return "onnxruntime " + environment.getVersion();
    }

    Decoded decode() throws OrtException {
        List<int[]> prompts = Prompts.of(shape);
        int[][] ids = new int[Prompts.ROWS][Prompts.NEW_TOKENS];
        float[] z = new float[shape.vocabulary()];
        long start = System.nanoTime();
        IntStream.range(0, mask.capacity()).forEach(i -> mask.put(i, HIDDEN));
        for (int t = 0; t < capacity - 1; t++) {
            for (int row = 0; row < Prompts.ROWS; row++) {
                tokens.put(row, t < Prompts.LENGTH ? prompts.get(row)[t] : ids[row][t - Prompts.LENGTH]);
                positions.put(row, t);
            }
            session.run(inputs, Set.of(), outputs).close();
            cache(t);
            if (t >= Prompts.LENGTH - 1) {
                for (int row = 0; row < Prompts.ROWS; row++) {
                    logits.get(row * z.length, z);
                    ids[row][t - Prompts.LENGTH + 1] = greedy(z);
                }
            }
        }
        return new Decoded((System.nanoTime() - start) / 1e9, ids);
    }

    private void cache(int t) {
        int width = shape.width() / shape.heads();
        for (int i = 0; i < past.length; i++) {
            for (int row = 0; row < Prompts.ROWS * shape.heads(); row++) {
                past[i].put((row * capacity + t) * width, present[i], row * width, width);
            }
        }
        for (int row = 0; row < Prompts.ROWS; row++) {
            mask.put(row * capacity + t, 0);
        }
    }

    private static int greedy(float[] logits) {
        int best = 0;
        for (int k = 1; k < logits.length; k++) {
            best = logits[k] > logits[best] ? k : best;
        }
        return best;
    }

    @Override
    public void close() throws OrtException {
        inputs.values().forEach(OnnxTensor::close);
        outputs.values().forEach(OnnxTensor::close);
        session.close();
    }
}

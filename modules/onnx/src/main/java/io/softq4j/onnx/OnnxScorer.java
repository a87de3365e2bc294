package io.softq4j.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.softq4j.common.UserError;
import io.softq4j.model.ModelGraph;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** An exported model in onnxruntime, on the CPU. */
final class OnnxScorer implements Scorer, AutoCloseable {

    private final Path file;
    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final OrtSession session;

    /** @throws UserError if onnxruntime refuses the file */
    OnnxScorer(Path file) {
        this.file = file;
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            this.session = environment.createSession(file.toString(), options);
        } catch (OrtException e) {
            throw failure("load", e);
        }
    }

    static String runtime() {
        return "onnxruntime " + OrtEnvironment.getEnvironment().getVersion();
    }

    @Override
    public float[] logits(TokenBatch batch) {
        Map<String, OnnxTensor> inputs = new HashMap<>();
        try {
            add(inputs, ModelGraph.INPUT_IDS, batch.ids());
            add(inputs, ModelGraph.ATTENTION_MASK, batch.mask());
            add(inputs, ModelGraph.POSITION_IDS, batch.positions());
            try (OrtSession.Result result = session.run(inputs)) {
                FloatBuffer values = ((OnnxTensor) result.get(0)).getFloatBuffer();
                float[] copy = new float[values.remaining()];
                values.get(copy);
                return copy;
            }
        } catch (OrtException e) {
            throw failure("run", e);
        } finally {
            inputs.values().forEach(OnnxTensor::close);
        }
    }

    private void add(Map<String, OnnxTensor> inputs, String name, int[][] rows) throws OrtException {
        if (session.getInputNames().contains(name)) {
            LongBuffer values = LongBuffer.allocate(rows.length * rows[0].length);
            for (int[] row : rows) {
                for (int value : row) {
                    values.put(value);
                }
            }
            inputs.put(name, OnnxTensor.createTensor(environment, values.flip(), new long[] {rows.length, rows[0].length}));
        }
    }

    private UserError failure(String what, OrtException e) {
        return new UserError(runtime() + " cannot " + what + " the exported model " + file + ": " + e.getMessage(), e);
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw failure("close", e);
        }
    }
}

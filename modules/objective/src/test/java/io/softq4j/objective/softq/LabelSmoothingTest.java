package io.softq4j.objective.softq;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.softq4j.common.Json;
import io.softq4j.common.UserError;
import io.softq4j.graph.Graphs;
import io.softq4j.graph.Lowering;
import io.softq4j.graph.Ops;
import io.softq4j.model.Gpt2;
import io.softq4j.model.Gpt2Config;
import io.softq4j.model.ModelGraph;
import io.softq4j.objective.Batch;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Against PyTorch's cross-entropy, central differences, and the head against its expansion. */
class LabelSmoothingTest {

    private static final int STATES = 6;
    private static final int TOKENS = 7;
    private static final int LEFT_OUT = -100;

    private static JsonNode golden() throws IOException {
        try (InputStream in = LabelSmoothingTest.class.getResourceAsStream("/objective/label_smoothing.json")) {
            return Json.STRICT.readTree(in);
        }
    }

    private static double[] doubles(JsonNode values) {
        return StreamSupport.stream(values.spliterator(), false).mapToDouble(JsonNode::asDouble).toArray();
    }

    /** Logits are the rows of a table, and the product of them with the identity, so that the head computes them too. */
    private static ModelGraph table(double[] values, Lowering lowering, DataType type) {
        SameDiff graph = Graphs.create();
        Ops ops = new Ops(graph, lowering);
        SDVariable table = graph.var("table", Nd4j.createFromArray(values).reshape(STATES, TOKENS).castTo(type));
        SDVariable identity = graph.var("identity", Nd4j.eye(TOKENS).castTo(type));
        SDVariable hidden = ops.embedding(table, graph.reshape(graph.placeHolder(ModelGraph.INPUT_IDS, DataType.INT, -1, -1), -1));
        return new ModelGraph(ops, type, TOKENS, List.of("table"), List.of("identity"), ops.linearTransposed(hidden, identity),
                Optional.of(new ModelGraph.Output(hidden, identity)), Set.of());
    }

    private static Batch batch(int[] labels) {
        int[] targets = Arrays.stream(labels).map(label -> label == LEFT_OUT ? 0 : label).toArray();
        float[] mask = new float[labels.length];
        for (int i = 0; i < mask.length; i++) {
            mask[i] = labels[i] == LEFT_OUT ? 0 : 1;
        }
        int[] states = IntStream.range(0, STATES).toArray();
        return new Batch(1, STATES, states, states, IntStream.generate(() -> 1).limit(STATES).toArray(), targets, mask, new float[STATES],
                new float[STATES]);
    }

    @ParameterizedTest
    @CsvSource({"FUSED, FLOAT, 2e-6", "STANDARD, DOUBLE, 1e-12"})
    void lossAndGradientAreThoseOfPyTorch(Lowering lowering, DataType type, double tolerance) throws IOException {
        JsonNode golden = golden();
        Batch batch = batch(StreamSupport.stream(golden.get("labels").spliterator(), false).mapToInt(JsonNode::asInt).toArray());
        assertEquals(6, golden.get("cases").size());
        for (JsonNode expected : golden.get("cases")) {
            SoftQConfig config = SoftQConfig.defaults().with(c -> c.lambda(0).tau(expected.get("tau").asDouble())
                    .labelSmoothingFactor(expected.get("factor").asDouble()));
            try (SoftQ objective = new SoftQ(table(doubles(golden.get("table")), lowering, type), config)) {
                LossSums sums = objective.evaluate(batch);
                String which = expected.get("factor") + ", tau " + expected.get("tau");
                assertEquals(expected.get("nll").asDouble(), sums.figures(0).value("nll"), tolerance, which);
                assertEquals(expected.get("loss").asDouble(), sums.loss(0), tolerance, which);
                assertArrayEquals(doubles(expected.get("gradient")), objective.gradient(batch, batch.counts(), 0).get("table"), tolerance, which);
            }
        }
    }

    @Test
    void withTheTdTermTheGradientIsThatOfTheLossInBothLowerings() {
        Gpt2Config size = Gpt2Config.defaults().with(c -> c.vocabSize(10).nPositions(16).nEmbd(8).nLayer(2).nHead(2).initializerRange(0.3));
        ModelGraph model = Gpt2.build(size, 5, Lowering.STANDARD, DataType.DOUBLE);
        SoftQConfig config = SoftQConfig.defaults().with(c -> c.lambda(0.3).gamma(0.95).tau(0.8).zLoss(0.01).labelSmoothingFactor(0.2));
        Batch batch = Sequence.padded(Sequence.samples(), 8, 0);
        try (SoftQ exact = new SoftQ(model, config); SoftQ fused = new SoftQ(Gpt2.build(size, 5, Lowering.FUSED, DataType.FLOAT), config)) {
            Map<String, double[]> gradient = exact.gradient(batch, batch.counts(), 0.3);
            Map<String, double[]> seen = fused.gradient(batch, batch.counts(), 0.3);
            assertEquals(exact.evaluate(batch).loss(0.3), fused.evaluate(batch).loss(0.3), 1e-5);
            for (String name : model.parameters()) {
                double[] expected = gradient.get(name);
                double greatest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
                assertArrayEquals(expected, seen.get(name), 2e-5 * Math.max(1e-2, greatest), name);
                INDArray value = model.graph().getVariable(name).getArr();
                int i = expected.length / 2;
                double at = value.getDouble(i);
                value.putScalar(i, at + 1e-5);
                double up = exact.evaluate(batch).loss(0.3);
                value.putScalar(i, at - 1e-5);
                double down = exact.evaluate(batch).loss(0.3);
                value.putScalar(i, at);
                assertEquals((up - down) / 2e-5, expected[i], 1e-6, name + "[" + i + "]");
            }
        }
    }

    @Test
    void theFigureIsTheDifferenceAndIsToldOnlyWhereItIsOn() throws IOException {
        JsonNode golden = golden();
        Batch batch = batch(StreamSupport.stream(golden.get("labels").spliterator(), false).mapToInt(JsonNode::asInt).toArray());
        for (double factor : new double[] {0, 0.5}) {
            SoftQConfig config = SoftQConfig.defaults().with(c -> c.lambda(0).labelSmoothingFactor(factor));
            try (SoftQ objective = new SoftQ(table(doubles(golden.get("table")), Lowering.FUSED, DataType.FLOAT), config)) {
                Map<String, Double> more = objective.evaluate(batch, 0).extraKeys("eval_");
                assertEquals(factor == 0 ? Set.of() : Set.of("eval_label_smoothing"), more.keySet());
            }
        }
    }

    @Test
    void aFactorOfOneIsRefused() {
        String message = assertThrows(UserError.class, () -> SoftQConfig.defaults().with(c -> c.labelSmoothingFactor(1))).getMessage();
        assertTrue(message.startsWith("objective.label_smoothing_factor") || message.startsWith("label_smoothing_factor"), message);
        assertTrue(message.contains("below 1"), message);
    }
}

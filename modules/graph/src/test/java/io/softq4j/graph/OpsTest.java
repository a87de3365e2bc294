package io.softq4j.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.softq4j.graph.kernel.Activation;
import io.softq4j.graph.plan.Plan;
import io.softq4j.graph.plan.PlanArrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

class OpsTest {

    @Test
    void embeddingAddsUpRepeatedIds() {
        new GradientCheck((ops, in) -> List.of(ops.embedding(in.get("table"), in.get("ids"))))
                .variable("table", 5, 3).ints("ids", new int[] {4, 1, 1, 0, 4, 1}, 6)
                .expansionMatchesCentralDifferences().kernelsMatchExpansion();
    }

    @Test
    void lookupInAVectorAddsUpRepeatedIds() {
        new GradientCheck((ops, in) -> List.of(ops.lookup(in.get("values"), in.get("ids"))))
                .variable("values", 4).ints("ids", new int[] {3, 1, 1, 0, 3}, 5)
                .expansionMatchesCentralDifferences();
    }

    /** With its default {@code scatter_add} loses sums in most of such runs: 20,000 ids for 7 rows, on two threads. */
    @Test
    void repeatedIdsAddUpOnSeveralThreads() {
        int[] ids = new Random(1).ints(20_000, 0, 7).toArray();
        long[] expected = new long[7];
        for (int id : ids) {
            expected[id]++;
        }
        for (Lowering lowering : Lowering.values()) {
            SameDiff graph = SameDiff.create();
            SDVariable table = graph.var("table", Nd4j.zeros(DataType.FLOAT, 7, 5));
            SDVariable vector = graph.var("vector", Nd4j.zeros(DataType.FLOAT, 7));
            SDVariable index = graph.placeHolder("ids", DataType.INT, -1);
            Ops ops = new Ops(graph, lowering);
            SDVariable loss = ops.embedding(table, index).sum().add(ops.lookup(vector, index).sum());
            Map<String, SDVariable> gradients = Gradients.of(loss, List.of("table", "vector"));
            String ofTable = gradients.get("table").name();
            String ofVector = gradients.get("vector").name();
            try (Plan plan = Plan.compile(graph, Map.of("ids", new long[] {ids.length}), List.of(ofTable, ofVector))) {
                PlanArrays.of(plan, "ids").assign(Nd4j.createFromArray(ids));
                for (int run = 0; run < 4; run++) {
                    plan.run();
                    for (int id = 0; id < 7; id++) {
                        assertEquals(expected[id], PlanArrays.of(plan, ofVector).getDouble(id), lowering + " run " + run);
                        for (int j = 0; j < 5; j++) {
                            assertEquals(expected[id], PlanArrays.of(plan, ofTable).getDouble(id, j), lowering + " run " + run);
                        }
                    }
                }
            }
        }
    }

    @Test
    void idsOutsideTheTableAreRefused() {
        for (Lowering lowering : Lowering.values()) {
            for (int id : lowering == Lowering.FUSED ? new int[] {-1, 4} : new int[] {4}) {
                SameDiff graph = SameDiff.create();
                SDVariable rows = new Ops(graph, lowering).embedding(graph.var("table", Nd4j.zeros(DataType.FLOAT, 4, 3)),
                        graph.constant(Nd4j.createFromArray(1, id)).add(graph.placeHolder("zero", DataType.INT)));
                try (Plan plan = Plan.compile(graph, Map.of("zero", new long[0]), List.of(rows.name()))) {
                    RuntimeException e = assertThrows(RuntimeException.class, plan::run, lowering + " " + id);
                    if (lowering == Lowering.FUSED) {
                        assertEquals("id " + id + " at 1 is outside the table of 4 rows", e.getMessage());
                    }
                }
            }
        }
    }

    @Test
    void linearLayers() {
        new GradientCheck((ops, in) -> List.of(ops.linear(in.get("x"), in.get("w"), in.get("b"))))
                .variable("x", 4, 3).variable("w", 3, 5).variable("b", 5)
                .expansionMatchesCentralDifferences().kernelsMatchExpansion();
        new GradientCheck((ops, in) -> List.of(ops.linearTransposed(in.get("x"), in.get("w"))))
                .variable("x", 4, 3).variable("w", 5, 3)
                .expansionMatchesCentralDifferences().kernelsMatchExpansion();
        new GradientCheck((ops, in) -> List.of(ops.linearTransposed(in.get("x"), in.get("w"), in.get("b"))))
                .variable("x", 4, 3).variable("w", 5, 3).variable("b", 5)
                .expansionMatchesCentralDifferences().kernelsMatchExpansion();
    }

    @ParameterizedTest
    @EnumSource(Activation.class)
    void linearLayersOfAnActivation(Activation activation) {
        new GradientCheck((ops, in) -> List.of(ops.linear(in.get("x"), in.get("w"), in.get("b"), activation)))
                .variable("x", 4, 3).variable("w", 3, 5).variable("b", 5)
                .expansionMatchesCentralDifferences().kernelsMatchExpansion();
        new GradientCheck((ops, in) -> List.of(ops.linear(in.get("x"), in.get("w"), null, activation)))
                .variable("x", 5, 33).variable("w", 33, 4)
                .expansionMatchesCentralDifferences().kernelsMatchExpansion();
        new GradientCheck((ops, in) -> List.of(ops.linearTransposed(in.get("x"), in.get("w"), in.get("b"), activation)))
                .variable("x", 5, 33).variable("w", 4, 33).variable("b", 4)
                .expansionMatchesCentralDifferences().kernelsMatchExpansion();
    }

    /** One row, many rows, more columns than rows: every way the work is cut. */
    @Test
    void linearLayersCutIntoBlocks() {
        for (int[] extents : new int[][] {{1, 70, 260}, {3, 300, 1000}, {700, 17, 33}, {300, 129, 65}}) {
            for (Activation activation : Activation.values()) {
                new GradientCheck((ops, in) -> List.of(ops.linear(in.get("x"), in.get("w"), in.get("b"), activation)))
                        .variable("x", extents[0], extents[1]).variable("w", extents[1], extents[2]).variable("b", extents[2])
                        .kernelsMatchExpansion();
            }
        }
    }

    /** Few rows, as in a decoding step, those for which the product is computed transposed, and many. */
    @Test
    void transposedLinearLayersCutIntoBlocks() {
        for (int[] extents : new int[][] {{1, 24, 700}, {16, 24, 700}, {32, 70, 257}, {90, 24, 700}, {700, 17, 33}, {1100, 129, 65}}) {
            for (Activation activation : Activation.values()) {
                for (boolean bias : new boolean[] {false, true}) {
                    GradientCheck check = new GradientCheck((ops, in) -> List.of(ops.linearTransposed(in.get("x"), in.get("w"), in.get("b"),
                            activation)))
                            .variable("x", extents[0], extents[1]).variable("w", extents[2], extents[1]);
                    (bias ? check.variable("b", extents[2]) : check).kernelsMatchExpansion();
                }
            }
        }
    }

    @Test
    void layersWhoseShapesDoNotFitAreRefused() {
        SameDiff graph = SameDiff.create();
        SDVariable x = graph.placeHolder("x", DataType.FLOAT, 4, 3);
        SDVariable y = new Ops(graph, Lowering.FUSED).linearTransposed(x, graph.var("w", Nd4j.zeros(DataType.FLOAT, 3, 5)));
        assertEquals("a transposed linear layer cannot take x, weight, bias of shapes [[4, 3], [3, 5]]; they must be [N, K], [E, K], [E]",
                assertThrows(IllegalArgumentException.class, () -> Plan.compile(graph, Map.of(), List.of(y.name()))).getMessage());
    }

    @Test
    void addition() {
        new GradientCheck((ops, in) -> List.of(ops.gelu(ops.add(in.get("x"), in.get("y")))))
                .variable("x", 4, 3).variable("y", 4, 3)
                .expansionMatchesCentralDifferences().kernelsMatchExpansion();
    }

    @Test
    void layerNorm() {
        new GradientCheck((ops, in) -> List.of(ops.layerNorm(in.get("x"), in.get("g"), in.get("b"), 1e-5)))
                .variable("x", 6, 37).variable("g", 37).variable("b", 37)
                .expansionMatchesCentralDifferences().kernelsMatchExpansion();
    }

    @Test
    void rmsNorm() {
        new GradientCheck((ops, in) -> List.of(ops.rmsNorm(in.get("x"), in.get("g"), 1e-5)))
                .variable("x", 6, 37).variable("g", 37)
                .expansionMatchesCentralDifferences().kernelsMatchExpansion();
    }

    @Test
    void residualNorms() {
        for (Function<Ops.Residual, List<SDVariable>> used : RESIDUAL_USES) {
            new GradientCheck((ops, in) -> used.apply(ops.residualLayerNorm(in.get("x"), in.get("r"), in.get("g"), in.get("b"), 1e-5)))
                    .variable("x", 6, 37).variable("r", 6, 37).variable("g", 37).variable("b", 37)
                    .expansionMatchesCentralDifferences().kernelsMatchExpansion();
            new GradientCheck((ops, in) -> used.apply(ops.residualRmsNorm(in.get("x"), in.get("r"), in.get("g"), 1e-5)))
                    .variable("x", 6, 37).variable("r", 6, 37).variable("g", 37)
                    .expansionMatchesCentralDifferences().kernelsMatchExpansion();
        }
    }

    /** As within a model, where the sum goes on, and as at its end, where only the norm is used. */
    private static final List<Function<Ops.Residual, List<SDVariable>>> RESIDUAL_USES =
            List.of(residual -> List.of(residual.sum(), residual.norm()), residual -> List.of(residual.norm()));

    @Test
    void theGradientOfASumWhoseNormIsNotUsedPassesAsItIs() {
        new GradientCheck((ops, in) -> List.of(ops.residualRmsNorm(in.get("x"), in.get("r"),
                ops.graph().constant(Nd4j.ones(DataType.FLOAT, 3)), 1e-5)
                .sum())).variable("x", 4, 3).variable("r", 4, 3).kernelsMatchExpansion();
    }

    @Test
    void residualNormsSplitBetweenThreadsMatchToo() {
        new GradientCheck((ops, in) -> {
            Ops.Residual first = ops.residualLayerNorm(in.get("x"), in.get("r"), in.get("g"), in.get("b"), 1e-5);
            Ops.Residual second = ops.residualRmsNorm(first.sum(), ops.gelu(first.norm()), in.get("h"), 1e-5);
            return List.of(second.sum(), second.norm());
        }).variable("x", 300, 131).variable("r", 300, 131).variable("g", 131).variable("b", 131).variable("h", 131).kernelsMatchExpansion();
    }

    @Test
    void kernelsSplitBetweenThreadsMatchToo() {
        new GradientCheck((ops, in) -> List.of(ops.gelu(ops.layerNorm(in.get("x"), in.get("g"), in.get("b"), 1e-5))))
                .variable("x", 300, 131).variable("g", 131).variable("b", 131)
                .kernelsMatchExpansion();
    }

    @Test
    void layerNormOfAConstantRowIsTheBias() {
        SameDiff graph = SameDiff.create();
        SDVariable y = new Ops(graph, Lowering.FUSED).layerNorm(graph.var("x", Nd4j.valueArrayOf(new long[] {1, 8}, 3f, DataType.FLOAT)),
                graph.var("g", Nd4j.ones(DataType.FLOAT, 8)), graph.var("b", Nd4j.valueArrayOf(new long[] {8}, 0.5, DataType.FLOAT)), 1e-5);
        try (Plan plan = Plan.compile(graph, Map.of(), List.of(y.name()))) {
            plan.run();
            assertEquals(Nd4j.valueArrayOf(new long[] {1, 8}, 0.5f, DataType.FLOAT), PlanArrays.of(plan, y.name()));
        }
    }

    @Test
    void gelu() {
        new GradientCheck((ops, in) -> List.of(ops.gelu(in.get("x").mul(3))))
                .variable("x", 5, 7)
                .expansionMatchesCentralDifferences().kernelsMatchExpansion();
    }

    @Test
    void swiGlu() {
        new GradientCheck((ops, in) -> List.of(ops.swiGlu(in.get("x").mul(3))))
                .variable("x", 5, 14)
                .expansionMatchesCentralDifferences().kernelsMatchExpansion();
        new GradientCheck((ops, in) -> List.of(ops.swiGlu(in.get("x"))))
                .variable("x", 7, 2 * 2100)
                .kernelsMatchExpansion();
    }

    @Test
    void geGlu() {
        new GradientCheck((ops, in) -> List.of(ops.geGlu(in.get("x").mul(3))))
                .variable("x", 5, 14)
                .expansionMatchesCentralDifferences().kernelsMatchExpansion();
        new GradientCheck((ops, in) -> List.of(ops.geGlu(in.get("x"))))
                .variable("x", 7, 2 * 2100)
                .kernelsMatchExpansion();
    }

    /** Values of torch.nn.functional.gelu(x, approximate="tanh") as published in its formula, worked out with 50 digits. */
    @Test
    void geluIsTheTanhForm() {
        SameDiff graph = SameDiff.create();
        SDVariable y = new Ops(graph, Lowering.FUSED).gelu(graph.var("x", Nd4j.createFromArray(-100f, -1f, 0f, 1f, 2f, 100f)));
        try (Plan plan = Plan.compile(graph, Map.of(), List.of(y.name()))) {
            plan.run();
            double[] expected = {0, -0.158808, 0, 0.841192, 1.954598, 100};
            for (int i = 0; i < expected.length; i++) {
                assertEquals(expected[i], PlanArrays.of(plan, y.name()).getDouble(i), 1e-5);
            }
        }
    }

    @Test
    void softValues() {
        new GradientCheck((ops, in) -> {
            DataType type = in.get("z").dataType();
            Ops.SoftValue s = ops.softValues(in.get("z").mul(4), in.get("x"), 0.7, 21, type);
            return List.of(s.value(), s.chosen());
        }).variable("z", 5, 21).ints("x", new int[] {0, 20, 7, 7, 16}, 5)
                .expansionMatchesCentralDifferences().kernelsMatchExpansion();
    }

    @Test
    void entropyOfTheKernelIsThatOfTheExpansion() {
        double[] entropies = new double[2];
        for (Lowering lowering : Lowering.values()) {
            SameDiff graph = SameDiff.create();
            SDVariable z = graph.var("z", Nd4j.linspace(DataType.FLOAT, -3, 0.31, 40).reshape(2, 20));
            Ops.SoftValue s = new Ops(graph, lowering).softValues(z, graph.constant(Nd4j.createFromArray(3, 4)), 1.3, 20, DataType.FLOAT);
            try (Plan plan = Plan.compile(graph, Map.of(), List.of(s.entropy().name()))) {
                plan.run();
                entropies[lowering.ordinal()] = PlanArrays.of(plan, s.entropy().name()).getDouble(1);
            }
        }
        double direct = 0;
        double sum = 0;
        for (int k = 0; k < 20; k++) {
            sum += Math.exp(0.31 * k / 1.3);
        }
        for (int k = 0; k < 20; k++) {
            double p = Math.exp(0.31 * k / 1.3) / sum;
            direct -= p * Math.log(p);
        }
        assertEquals(direct, entropies[0], 1e-5);
        assertEquals(direct, entropies[1], 1e-5);
    }

    @Test
    void gradientDoesNotPassWhereItIsStopped() {
        new GradientCheck((ops, in) -> List.of(in.get("x").mul(ops.stopGradient(in.get("x")).mul(0).add(2))))
                .variable("x", 3)
                .expansionMatchesCentralDifferences();
        SameDiff graph = SameDiff.create();
        SDVariable x = graph.var("x", Nd4j.createFromArray(3.0));
        SDVariable loss = x.mul(new Ops(graph, Lowering.STANDARD).stopGradient(x)).sum();
        String gradient = Gradients.of(loss, List.of("x")).get("x").name();
        try (Plan plan = Plan.compile(graph, Map.of(), List.of(gradient))) {
            plan.run();
            assertEquals(3.0, PlanArrays.of(plan, gradient).getDouble(0), "d(x stop(x))/dx is x, not 2x");
        }
    }
}

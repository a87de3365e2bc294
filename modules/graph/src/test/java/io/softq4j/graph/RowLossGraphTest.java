package io.softq4j.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.graph.kernel.RowExpansion;
import io.softq4j.graph.kernel.RowFunction;
import io.softq4j.graph.kernel.RowGradient;
import io.softq4j.graph.kernel.RowLoss;
import io.softq4j.graph.kernel.RowValues;
import io.softq4j.graph.machine.Memory;
import io.softq4j.graph.plan.Plan;
import io.softq4j.graph.plan.PlanSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Losses that need all a head can give: the entropy's gradient, a function of all logits that knows the columns, the row after. */
class RowLossGraphTest {

    private static final int WIDTH = 8;
    private static final double TAU = 0.7;

    /** weight_t H_t. */
    private record Entropy() implements RowLoss {

        @Override
        public boolean involves(RowValues rows, int row) {
            return rows.input(0, row) != 0;
        }

        @Override
        public double value(RowValues rows, int row) {
            return rows.input(0, row) * rows.entropy(row);
        }

        @Override
        public void differentiate(RowValues rows, int row, double scale, RowGradient gradient) {
            double factor = -scale * rows.input(0, row) / TAU;
            gradient.addWeightedLog(factor);
            gradient.addProbabilities(factor * rows.entropy(row));
        }

        @Override
        public SDVariable expansion(RowExpansion rows) {
            return rows.entropy().mul(rows.inputs().get(0)).sum();
        }
    }

    /** weight_t (V_t - 0.5 V_{t+1})^2, where the next row has a weight too. */
    private record Step() implements RowLoss {

        @Override
        public boolean involves(RowValues rows, int row) {
            return rows.input(1, row) != 0 || row > 0 && rows.input(1, row - 1) != 0;
        }

        private static double difference(RowValues rows, int row) {
            return rows.value(row) - 0.5 * rows.value(row + 1);
        }

        @Override
        public double value(RowValues rows, int row) {
            return rows.input(1, row) == 0 ? 0 : rows.input(1, row) * Math.pow(difference(rows, row), 2);
        }

        @Override
        public void differentiate(RowValues rows, int row, double scale, RowGradient gradient) {
            if (rows.input(1, row) != 0) {
                gradient.addProbabilities(2 * scale * rows.input(1, row) * difference(rows, row));
            }
            if (row > 0 && rows.input(1, row - 1) != 0) {
                gradient.addProbabilities(-scale * rows.input(1, row - 1) * difference(rows, row - 1));
            }
        }

        @Override
        public SDVariable expansion(RowExpansion rows) {
            SDVariable difference = rows.value().sub(rows.next().apply(rows.value()).mul(0.5));
            return difference.mul(difference).mul(rows.inputs().get(1)).sum();
        }
    }

    /** weight_t (sum of z + sum over k of (k / V) z_k^2): of two sums, one of which depends on the column. */
    private record Columns(int width) implements RowLoss, RowFunction {

        @Override
        public boolean involves(RowValues rows, int row) {
            return rows.input(0, row) != 0;
        }

        @Override
        public double value(RowValues rows, int row) {
            assertEquals(width, rows.width());
            return rows.input(0, row) * (rows.sum(0, row) + rows.sum(1, row));
        }

        @Override
        public void differentiate(RowValues rows, int row, double scale, RowGradient gradient) {
        }

        @Override
        public Optional<RowFunction> function() {
            return Optional.of(this);
        }

        @Override
        public SDVariable expansion(RowExpansion rows) {
            return rows.sums().get(0).add(rows.sums().get(1)).mul(rows.inputs().get(0)).sum();
        }

        @Override
        public int sums() {
            return 2;
        }

        @Override
        public void sum(float[] z, int column, int size, double[] totals, int at) {
            for (int k = 0; k < size; k++) {
                totals[at] += z[k];
                totals[at + 1] += (column + k) / (double) width * z[k] * z[k];
            }
        }

        @Override
        public void differentiate(RowValues rows, int row, double scale, float[] z, int column, int size, float[] gradient) {
            for (int k = 0; k < size; k++) {
                gradient[k] += (float) (scale * rows.input(0, row) * (1 + 2.0 * (column + k) / width * z[k]));
            }
        }

        @Override
        public List<SDVariable> expansion(SDVariable logits) {
            SDVariable factors = logits.getSameDiff().constant(Nd4j.arange(width).div(width).reshape(1, width).castTo(logits.dataType()));
            return List.of(logits.sum(1), logits.mul(logits).mul(factors).sum(1));
        }
    }

    /** A product of two variables with a loss on it, planned for its values and for its gradient. */
    private static final class Run implements AutoCloseable {

        private final int rows;
        private final SameDiff graph = Graphs.create();
        private final RowLossGraph.Loss loss;
        private final RowLossGraph head;
        private final Plan evaluation;
        private final Plan training;
        private final List<float[]> inputs;

        Run(List<RowLoss> losses, int rows, int width, Lowering lowering, DataType type) {
            this.rows = rows;
            Ops ops = new Ops(graph, lowering);
            Random random = new Random(7);
            SDVariable hidden = graph.var("h", gaussian(random, type, rows, WIDTH));
            SDVariable table = graph.var("e", gaussian(random, type, width, WIDTH));
            List<RowLossGraph.Term> terms = new ArrayList<>();
            losses.forEach(l -> terms.add(new RowLossGraph.Term(l, l instanceof Step ? "one" : "other")));
            loss = new RowLossGraph.Loss(TAU, "x", "next", List.of("w", "u"), terms);
            head = RowLossGraph.of(ops, new RowLossGraph.Rows(ops.linearTransposed(hidden, table),
                    Optional.of(new RowLossGraph.Product(hidden, table)), width, type), loss, List.of("h", "e"));
            Map<String, long[]> shapes = Map.of("x", new long[] {rows}, "next", new long[] {rows}, "w", new long[] {rows}, "u",
                    new long[] {rows},
                    "one", new long[0], "other", new long[0]);
            evaluation = Plan.compile(graph, PlanSpec.of(shapes, head.evaluation()));
            List<String> outputs = new ArrayList<>(head.training());
            outputs.addAll(head.parameterOfTerm().keySet());
            training = Plan.compile(graph, PlanSpec.of(shapes, outputs));
            float[] weights = new float[rows];
            float[] steps = new float[rows];
            int[] chosen = new int[rows];
            int[] next = new int[rows];
            for (int i = 0; i < rows; i++) {
                weights[i] = i % 7 == 1 ? 0 : 1 + i % 3;
                steps[i] = i % 5 < 2 || i == rows - 1 ? 0 : 0.5f;
                chosen[i] = 31 * i % width;
                next[i] = i + 1;
            }
            inputs = List.of(weights, steps);
            for (Plan plan : List.of(evaluation, training)) {
                write(plan, "w", weights);
                write(plan, "u", steps);
                if (plan.hasInput("x")) {
                    plan.write("x", chosen);
                }
                if (plan.hasInput("next")) {
                    plan.write("next", next);
                }
            }
            write(training, "one", new float[] {0.5f});
            write(training, "other", new float[] {0.25f});
            training.run();
        }

        private static void write(Plan plan, String name, float[] values) {
            if (plan.hasInput(name)) {
                plan.write(name, values);
            }
        }

        private static INDArray gaussian(Random random, DataType type, int rows, int columns) {
            INDArray array = Nd4j.create(type, rows, columns);
            Memory.fill(array, () -> (float) (0.7 * random.nextGaussian()));
            return array;
        }

        double loss(Plan plan, List<String> names) {
            plan.run();
            List<RowValues> views = head.read(plan, names, inputs);
            double sum = 0;
            for (int k = 0; k < views.size(); k++) {
                RowLossGraph.Term term = loss.terms().get(k);
                for (int i = 0; i < rows; i++) {
                    sum += (term.scale().equals("one") ? 0.5 : 0.25) * term.loss().value(views.get(k), i);
                }
            }
            return sum;
        }

        double loss() {
            return loss(evaluation, head.evaluation());
        }

        double[] gradient(String name) {
            return head.terms(name).stream().map(training::read).reduce((a, b) -> {
                Arrays.setAll(a, i -> a[i] + b[i]);
                return a;
            }).orElseThrow();
        }

        @Override
        public void close() {
            evaluation.close();
            training.close();
        }
    }

    private static List<RowLoss> all(int width) {
        return List.of(new Entropy(), new Step(), new Columns(width));
    }

    @Test
    void theGradientIsThatOfTheValues() {
        try (Run run = new Run(all(9), 6, 9, Lowering.STANDARD, DataType.DOUBLE)) {
            for (String name : List.of("h", "e")) {
                double[] gradient = run.gradient(name);
                INDArray variable = run.graph.getVariable(name).getArr();
                for (int i = 0; i < gradient.length; i++) {
                    double at = variable.getDouble(i);
                    variable.putScalar(i, at + 1e-5);
                    double up = run.loss();
                    variable.putScalar(i, at - 1e-5);
                    double down = run.loss();
                    variable.putScalar(i, at);
                    assertEquals((up - down) / 2e-5, gradient[i], 1e-6, name + "[" + i + "]");
                }
            }
        }
    }

    /** More rows than a chunk has and more columns than a piece: each term by itself and all together, against the expansion in float64. */
    @Test
    void theKernelIsItsExpansion() {
        int rows = 700;
        int width = 1100;
        for (List<RowLoss> losses : List.of(all(width), List.<RowLoss>of(new Entropy()), List.<RowLoss>of(new Step()),
                List.<RowLoss>of(new Columns(width)))) {
            try (Run exact = new Run(losses, rows, width, Lowering.STANDARD, DataType.DOUBLE);
                    Run fused = new Run(losses, rows, width, Lowering.FUSED, DataType.FLOAT)) {
                assertEquals(exact.loss(), fused.loss(), 1e-6 * Math.abs(exact.loss()), losses.toString());
                assertEquals(fused.loss(), fused.loss(fused.training, fused.head.training()), losses.toString());
                for (String name : List.of("h", "e")) {
                    double[] expected = exact.gradient(name);
                    double greatest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
                    assertTrue(greatest > 1e-3, "a gradient of 0 shows nothing");
                    assertArrayEquals(expected, fused.gradient(name), 2e-5 * greatest, name + " of " + losses);
                }
            }
        }
    }

    @Test
    void rowsThatNoTermInvolvesAreLeftOut() {
        try (Run run = new Run(all(9), 8, 9, Lowering.FUSED, DataType.FLOAT)) {
            run.loss();
            RowValues seen = run.head.read(run.evaluation, run.head.evaluation(), run.inputs).get(2);
            assertEquals(0, seen.entropy(1));
            for (int row = 0; row < 8; row++) {
                boolean involved = run.inputs.get(0)[row] != 0 || run.inputs.get(1)[row] != 0 || row > 0 && run.inputs.get(1)[row - 1] != 0;
                assertEquals(involved, seen.entropy(row) != 0 && seen.value(row) != 0 && seen.sum(0, row) != 0 && seen.sum(1, row) != 0,
                        "row " + row);
            }
        }
    }
}

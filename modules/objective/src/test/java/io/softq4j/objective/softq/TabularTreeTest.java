package io.softq4j.objective.softq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.graph.Lowering;
import io.softq4j.model.ModelGraph;
import io.softq4j.model.Tabular;
import io.softq4j.objective.Batch;
import java.util.Arrays;
import org.apache.commons.math3.linear.LUDecomposition;
import org.apache.commons.math3.linear.MatrixUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The objective by itself, on a tree of five sequences where nothing is shared between states: what arXiv 2409.01369 promises holds there exactly.
 *
 * <pre>
 *   state 0 --a--> 1 --a--> EOS      (counts 8)
 *             1 --b--> EOS           (4)
 *           --b--> 2 --a--> EOS      (2)
 *             2 --b--> 3 --a--> EOS  (1)
 *                      3 --b--> EOS  (1)
 * </pre>
 * Actions 0 (a) and 1 (b); action 2 exists and is never shown. A sequence ends after its last action: c = 0 there.
 */
class TabularTreeTest {

    /** Per sequence: states visited, actions taken, how often the expert shows it. */
    private static final int[][] STATES = {{0, 1}, {0, 1}, {0, 2}, {0, 2, 3}, {0, 2, 3}};
    private static final int[][] ACTIONS = {{0, 0}, {0, 1}, {1, 0}, {1, 1, 0}, {1, 1, 1}};
    private static final int[] COUNTS = {8, 4, 2, 1, 1};
    private static final int ROWS = 16;
    private static final int LENGTH = 3;

    private static Batch expert() {
        int n = ROWS * LENGTH;
        int[] states = new int[n];
        int[] actions = new int[n];
        int[] segments = new int[n];
        float[] mask = new float[n];
        float[] continues = new float[n];
        int row = 0;
        for (int s = 0; s < COUNTS.length; s++) {
            for (int k = 0; k < COUNTS[s]; k++, row++) {
                for (int t = 0; t < STATES[s].length; t++) {
                    int i = row * LENGTH + t;
                    states[i] = STATES[s][t];
                    actions[i] = ACTIONS[s][t];
                    segments[i] = 1;
                    mask[i] = 1;
                    continues[i] = t + 1 < STATES[s].length ? 1 : 0;
                }
            }
        }
        return new Batch(ROWS, LENGTH, states, new int[n], segments, actions, mask, mask.clone(), continues);
    }

    /**
     * Q at the optimum, {@code [4, 2]}: damped Newton steps on the graph's own gradient, its Jacobian by central differences, in float64, until the
     * gradient vanishes.
     */
    private static double[][] optimum(double lambda, double gamma) {
        ModelGraph model = Tabular.build(4, 2, Lowering.STANDARD, DataType.DOUBLE);
        INDArray table = model.graph().getVariable(Tabular.TABLE).getArr();
        int n = (int) table.length();
        try (SoftQ objective = new SoftQ(model, SoftQConfig.defaults().with(c -> c.lambda(lambda).gamma(gamma)))) {
            double damping = 1e-3;
            double loss = objective.evaluate(expert()).loss(lambda);
            for (int step = 0; step < 200 && damping < 1e6; step++) {
                double[] gradient = gradient(objective, lambda);
                if (Arrays.stream(gradient).map(Math::abs).max().orElseThrow() < 1e-10) {
                    break;
                }
                double[] at = table.dup().data().asDouble();
                double[][] hessian = new double[n][n];
                for (int i = 0; i < n; i++) {
                    table.data().put(i, at[i] + 1e-5);
                    double[] up = gradient(objective, lambda);
                    table.data().put(i, at[i] - 1e-5);
                    double[] down = gradient(objective, lambda);
                    table.data().put(i, at[i]);
                    for (int j = 0; j < n; j++) {
                        hessian[i][j] = (up[j] - down[j]) / 2e-5;
                    }
                }
                for (int i = 0; i < n; i++) {
                    hessian[i][i] += damping;
                }
                double[] move = new LUDecomposition(MatrixUtils.createRealMatrix(hessian)).getSolver()
                        .solve(MatrixUtils.createRealVector(gradient)).toArray();
                for (int i = 0; i < n; i++) {
                    table.data().put(i, at[i] - move[i]);
                }
                double next = objective.evaluate(expert()).loss(lambda);
                if (next <= loss) {
                    loss = next;
                    damping = Math.max(damping / 4, 1e-7);
                } else {
                    for (int i = 0; i < n; i++) {
                        table.data().put(i, at[i]);
                    }
                    damping *= 16;
                }
            }
        }
        return table.toDoubleMatrix();
    }

    private static double[] gradient(SoftQ objective, double lambda) {
        return objective.gradient(expert(), expert().counts(), lambda).get(Tabular.TABLE);
    }

    private static double[] policy(double[] q) {
        double v = Reference.value(q, 1);
        double[] p = new double[q.length];
        for (int k = 0; k < q.length; k++) {
            p[k] = Math.exp(q[k] - v);
        }
        return p;
    }

    /** pi(a|s)(1 - 2 lambda gamma delta_parent) = pi_E(a|s)(1 - 2 lambda delta(s,a)), the root's parent 0. */
    @ParameterizedTest
    @CsvSource({"0.1, 1", "0.5, 1", "0.3, 0.9"})
    void optimumIsStationaryAsDerived(double lambda, double gamma) {
        double[][] q = optimum(lambda, gamma);
        double[] v = {Reference.value(q[0], 1), Reference.value(q[1], 1), Reference.value(q[2], 1), Reference.value(q[3], 1)};
        double[][] expert = {{12 / 16.0, 4 / 16.0}, {8 / 12.0, 4 / 12.0}, {0.5, 0.5}, {0.5, 0.5}};
        int[][] child = {{1, 2}, {-1, -1}, {-1, 3}, {-1, -1}};
        double[] parentDelta = new double[4];
        for (int s = 0; s < 4; s++) {
            double[] pi = policy(q[s]);
            for (int a = 0; a < 2; a++) {
                double delta = q[s][a] - (child[s][a] < 0 ? 0 : gamma * v[child[s][a]]);
                double left = pi[a] * (1 - 2 * lambda * gamma * parentDelta[s]);
                double right = expert[s][a] * (1 - 2 * lambda * delta);
                assertEquals(right, left, 1e-7, "state " + s + " action " + a);
                if (child[s][a] >= 0) {
                    parentDelta[child[s][a]] = delta;
                }
            }
        }
    }

    @Test
    void lambdaZeroRecoversTheExpert() {
        double[] p = sequenceProbabilities(optimum(0, 1));
        for (int s = 0; s < COUNTS.length; s++) {
            assertEquals(COUNTS[s] / 16.0, p[s], 1e-5);
        }
    }

    @Test
    void entropyRisesWithLambdaTowardsUniformOverTheExpertsSequences() {
        double before = entropy(sequenceProbabilities(optimum(0, 1)));
        for (double lambda : new double[] {0.03, 0.1, 0.5, 2, 10}) {
            double entropy = entropy(sequenceProbabilities(optimum(lambda, 1)));
            assertTrue(entropy > before, "lambda " + lambda + ": " + entropy + " after " + before);
            assertTrue(entropy <= Math.log(5) + 1e-9);
            before = entropy;
        }
        assertEquals(Math.log(5), before, 0.02);
    }

    /** An action the expert never shows loses its probability at every lambda: smoothing stays on the data. */
    @Test
    void unseenActionsVanish() {
        for (double lambda : new double[] {0, 0.5}) {
            ModelGraph model = Tabular.build(4, 3, Lowering.STANDARD, DataType.DOUBLE);
            INDArray table = model.graph().getVariable(Tabular.TABLE).getArr();
            INDArray velocity = table.mul(0);
            try (SoftQ objective = new SoftQ(model, SoftQConfig.defaults().with(c -> c.lambda(lambda)))) {
                for (int step = 0; step < 1500; step++) {
                    velocity.muli(0.9).subi(Nd4j.createFromArray(gradient(objective, lambda)).reshape(table.shape()));
                    table.addi(velocity);
                }
            }
            for (double[] row : table.toDoubleMatrix()) {
                assertTrue(policy(row)[2] < 0.01, "lambda " + lambda + ": " + policy(row)[2]);
            }
        }
    }

    /** gamma = 1 and an episode that ends: the rewards r_t = delta_t add up to V_0 + log pi(y|x). */
    @Test
    void rewardsTelescope() {
        double[][] q = {{0.3, -1.2, 0.4}, {2, 0.1, -0.5}, {-0.7, 0.9, 1.5}, {0.2, 0.6, -3}};
        for (int s = 0; s < COUNTS.length; s++) {
            double rewards = 0;
            double logProbability = 0;
            for (int t = 0; t < STATES[s].length; t++) {
                double[] z = q[STATES[s][t]];
                boolean last = t + 1 == STATES[s].length;
                double q0 = z[ACTIONS[s][t]];
                rewards += q0 - (last ? 0 : Reference.value(q[STATES[s][t + 1]], 1));
                logProbability += q0 - Reference.value(z, 1);
            }
            assertEquals(Reference.value(q[0], 1) + logProbability, rewards, 1e-12);
            assertEquals(rewards, rewardOf(q, s), 1e-9);
        }
    }

    /** The sum of rewards as the graph sees it: with a single row, d = 1 and gamma = 1, the residuals are the square roots of the TD sums. */
    private static double rewardOf(double[][] q, int s) {
        ModelGraph model = Tabular.build(4, 3, Lowering.STANDARD, DataType.DOUBLE);
        model.graph().getVariable(Tabular.TABLE).getArr().assign(Nd4j.createFromArray(q));
        double total = 0;
        try (SoftQ objective = new SoftQ(model, SoftQConfig.defaults())) {
            int n = STATES[s].length;
            for (int t = 0; t < n; t++) {
                float[] only = new float[n];
                only[t] = 1;
                float[] continues = new float[n];
                Arrays.fill(continues, 0, n - 1, 1);
                int[] ones = new int[n];
                Arrays.fill(ones, 1);
                Batch batch = new Batch(1, n, STATES[s], new int[n], ones, ACTIONS[s], only, only, continues);
                double z = q[STATES[s][t]][ACTIONS[s][t]];
                double next = t + 1 < n ? Reference.value(q[STATES[s][t + 1]], 1) : 0;
                total += Math.signum(z - next) * Math.sqrt(objective.evaluate(batch).td());
            }
        }
        return total;
    }

    /**
     * [G21] (IQ-Learn, arXiv 2106.12142) offline with value_expert and chi-squared, as its code has it:
     * -mean[(q - y) - 1/(4 alpha) (q - y)^2] + mean[v - y], y = gamma (1 - done) v', equals Eq. 14 at lambda = 1/(4 alpha).
     */
    @Test
    void equalsIqLearnWithChiSquared() {
        double alpha = 0.5;
        double lambda = 1 / (4 * alpha);
        ModelGraph model = Tabular.build(4, 3, Lowering.STANDARD, DataType.DOUBLE);
        double[][] q = {{0.3, -1.2, 0.4}, {2, 0.1, -0.5}, {-0.7, 0.9, 1.5}, {0.2, 0.6, -3}};
        model.graph().getVariable(Tabular.TABLE).getArr().assign(Nd4j.createFromArray(q));
        double iq = 0;
        int n = 0;
        for (int s = 0; s < COUNTS.length; s++) {
            for (int t = 0; t < STATES[s].length; t++) {
                double[] z = q[STATES[s][t]];
                double y = t + 1 == STATES[s].length ? 0 : 0.9 * Reference.value(q[STATES[s][t + 1]], 1);
                double reward = z[ACTIONS[s][t]] - y;
                iq += COUNTS[s] * (-(reward - reward * reward / (4 * alpha)) + Reference.value(z, 1) - y);
                n += COUNTS[s];
            }
        }
        try (SoftQ objective = new SoftQ(model, SoftQConfig.defaults().with(c -> c.lambda(lambda).gamma(0.9)))) {
            assertEquals(iq / n, objective.evaluate(expert()).loss(lambda), 1e-12);
        }
    }

    /** Prompt tokens count for nothing: their logits have no gradient, and the value of the last prompt state is never read as a next value. */
    @Test
    void promptStatesHaveNoGradient() {
        ModelGraph model = Tabular.build(4, 3, Lowering.STANDARD, DataType.DOUBLE);
        model.graph().getVariable(Tabular.TABLE).getArr().assign(1.5);
        // states 0, 1 are prompt positions; the action of state 1 would be the last prompt token; 2 predicts the first response token
        Batch batch = new Batch(1, 4, new int[] {0, 1, 2, 3}, new int[] {0, 1, 2, 3}, new int[] {1, 1, 1, 1}, new int[] {0, 1, 2, 0},
                new float[] {0, 0, 1, 1}, new float[] {0, 0, 1, 1}, new float[] {1, 1, 1, 0});
        try (SoftQ objective = new SoftQ(model, SoftQConfig.defaults().with(c -> c.lambda(1)))) {
            INDArray table = Nd4j.createFromArray(objective.gradient(batch, batch.counts(), 1).get(Tabular.TABLE)).reshape(4, 3);
            assertEquals(0.0, table.getRow(0).amaxNumber().doubleValue());
            assertEquals(0.0, table.getRow(1).amaxNumber().doubleValue());
            assertTrue(table.getRow(2).amaxNumber().doubleValue() > 0);
            assertEquals(objective.evaluate(batch).value0(), 1.5 + Math.log(3), 1e-12);
        }
    }

    private static double[] sequenceProbabilities(double[][] q) {
        double[] p = new double[COUNTS.length];
        for (int s = 0; s < p.length; s++) {
            p[s] = 1;
            for (int t = 0; t < STATES[s].length; t++) {
                p[s] *= policy(q[STATES[s][t]])[ACTIONS[s][t]];
            }
        }
        return p;
    }

    private static double entropy(double[] p) {
        double h = 0;
        for (double x : p) {
            h -= x * Math.log(x);
        }
        return h;
    }
}

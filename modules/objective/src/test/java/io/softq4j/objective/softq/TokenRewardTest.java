package io.softq4j.objective.softq;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.softq4j.graph.Lowering;
import io.softq4j.model.ModelGraph;
import io.softq4j.objective.Batch;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;

/** Rewards of tokens against a float64 loop over the logits, which knows no batch and no mask. */
class TokenRewardTest {

    /** Q, V, V of the next state and r of each token of a response. */
    private static List<double[]> reference(double[][] logits, Sequence s, double gamma, double tau) {
        List<double[]> rewards = new ArrayList<>();
        for (int t = s.prompt(); t < s.ids().length; t++) {
            double q = logits[t - 1][s.ids()[t]];
            boolean terminal = s.ended() && t == s.ids().length - 1;
            double next = terminal ? 0 : Reference.value(logits[t], tau);
            rewards.add(new double[] {q, Reference.value(logits[t - 1], tau), next, q - gamma * next});
        }
        return rewards;
    }

    private static SoftQ objective(ModelGraph model, double gamma, double tau) {
        return new SoftQ(model, SoftQConfig.defaults().with(c -> c.lambda(0.3).gamma(gamma).tau(tau).zLoss(0.01)));
    }

    @ParameterizedTest
    @CsvSource({"FUSED, FLOAT, 1, 1", "FUSED, FLOAT, 0.9, 0.7", "STANDARD, DOUBLE, 1, 1", "STANDARD, DOUBLE, 0.9, 0.7"})
    void rewardsEqualTheReferenceLoop(Lowering lowering, DataType type, double gamma, double tau) {
        ModelGraph model = SoftQTest.model(lowering, type);
        List<Sequence> sequences = Sequence.samples();
        double tolerance = type == DataType.DOUBLE ? 1e-12 : 1e-5;
        try (SoftQ objective = objective(model, gamma, tau)) {
            List<TokenReward> rewards = objective.rewards(Sequence.padded(sequences, 9, 0));
            int at = 0;
            for (int row = 0; row < sequences.size(); row++) {
                Sequence s = sequences.get(row);
                List<double[]> expected = reference(SoftQTest.logits(model, s), s, gamma, tau);
                for (int i = 0; i < expected.size(); i++) {
                    TokenReward reward = rewards.get(at++);
                    assertEquals(row, reward.row());
                    assertEquals(s.prompt() + i - 1, reward.position());
                    assertEquals(s.ids()[s.prompt() + i], reward.token());
                    assertEquals(expected.get(i)[0], reward.q(), tolerance);
                    assertEquals(expected.get(i)[1], reward.value(), tolerance);
                    assertEquals(expected.get(i)[2], reward.next(), tolerance);
                    assertEquals(expected.get(i)[3], reward.reward(), tolerance);
                }
            }
            assertEquals(at, rewards.size());
        }
    }

    /** gamma = 1 and a response that ends: the rewards add up to V_0 + tau log pi(y | x). */
    @Test
    void rewardsOfAResponseTelescope() {
        try (SoftQ objective = objective(SoftQTest.model(Lowering.FUSED, DataType.FLOAT), 1, 0.7)) {
            List<TokenReward> rewards = objective.rewards(Sequence.padded(Sequence.samples().subList(0, 1), 9, 0));
            assertEquals(5, rewards.size());
            assertEquals(rewards.get(0).value() + rewards.stream().mapToDouble(TokenReward::advantage).sum(),
                    rewards.stream().mapToDouble(TokenReward::reward).sum(), 1e-5);
        }
    }

    @Test
    void aTokenWithoutANextStateHasNone() {
        Batch whole = Sequence.padded(Sequence.samples(), 9, 0);
        float[] td = whole.tdMask().clone();
        td[4] = 0;
        Batch cut = new Batch(whole.rows(), whole.length(), whole.inputIds(), whole.positionIds(), whole.segmentIds(), whole.targets(), whole.nllMask(), td,
                whole.continues());
        try (SoftQ objective = objective(SoftQTest.model(Lowering.FUSED, DataType.FLOAT), 1, 1)) {
            List<TokenReward> expected = new ArrayList<>(objective.rewards(whole));
            expected.removeIf(reward -> reward.row() == 0 && reward.position() == 4);
            assertEquals(expected, objective.rewards(cut));
        }
    }

    /** Packed examples do not see each other: the same tokens have the same rewards. */
    @Test
    void packingChangesNoReward() {
        try (SoftQ objective = objective(SoftQTest.model(Lowering.FUSED, DataType.FLOAT), 0.9, 1)) {
            List<Sequence> sequences = Sequence.samples();
            List<TokenReward> apart = objective.rewards(Sequence.padded(sequences, 9, 0));
            List<TokenReward> together = objective.rewards(Sequence.packed(List.of(sequences), 16, 0));
            assertEquals(apart.size(), together.size());
            for (int i = 0; i < apart.size(); i++) {
                assertEquals(apart.get(i).token(), together.get(i).token());
                assertEquals(apart.get(i).reward(), together.get(i).reward(), 1e-5);
            }
        }
    }
}

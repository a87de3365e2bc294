package io.softq4j.objective.softq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.softq4j.common.UserError;
import org.junit.jupiter.api.Test;

class SoftQConfigTest {

    @Test
    void lambdaIsZeroInTheWarmupThenRampsThenStays() {
        SoftQConfig config = SoftQConfig.defaults().with(c -> c.lambda(0.8).mleWarmupSteps(2).lambdaRampSteps(3));
        double[] expected = {0, 0, 0.2, 0.4, 0.6, 0.8, 0.8};
        for (int step = 0; step < expected.length; step++) {
            assertEquals(expected[step], config.lambdaAt(step), 1e-12, "step " + step);
        }
        assertEquals(0.8, SoftQConfig.defaults().with(c -> c.lambda(0.8)).lambdaAt(0));
    }

    @Test
    void valuesOutOfRangeAreRefusedByName() {
        assertMessage("lambda must be at least 0 (0 is maximum likelihood; the paper uses 0.1 to 1), was -0.1", -0.1, 1, 1, 0, 0);
        assertMessage("lambda must be at least 0 (0 is maximum likelihood; the paper uses 0.1 to 1), was NaN", Double.NaN, 1, 1, 0, 0);
        assertMessage("gamma must be above 0 and at most 1, was 1.1", 0.1, 1.1, 1, 0, 0);
        assertMessage("tau must be above 0, was 0", 0.1, 1, 0, 0, 0);
        assertMessage("mle_warmup_steps must be at least 0 (with the ramp fewer than the run has), was -1", 0.1, 1, 1, -1, 0);
        assertMessage("lambda_ramp_steps must be at least 0, was -2", 0.1, 1, 1, 0, -2);
    }

    @Test
    void zLossIsOffUnlessAskedForAndNeverNegative() {
        assertEquals(0, SoftQConfig.defaults().zLoss());
        assertEquals(1e-4, SoftQConfig.defaults().with(c -> c.zLoss(1e-4).lambda(2)).zLoss());
        assertEquals("z_loss must be at least 0 (0: no such term; PaLM has 0.0001), was -1",
                assertThrows(UserError.class, () -> SoftQConfig.defaults().with(c -> c.zLoss(-1))).getMessage());
    }

    private static void assertMessage(String message, double lambda, double gamma, double tau, int warmup, int ramp) {
        assertEquals(message,
                assertThrows(UserError.class, () ->
                        SoftQConfig.defaults().with(c -> c.lambda(lambda).gamma(gamma).tau(tau).mleWarmupSteps(warmup)
                        .lambdaRampSteps(ramp))).getMessage());
    }
}

package io.softq4j.training.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.graph.machine.Workers;
import io.softq4j.graph.plan.Parameters.Slot;
import io.softq4j.training.Slots;
import io.softq4j.training.TrainingConfig;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AdamWTest {

    private static TrainingConfig config(double weightDecay) {
        return TrainingConfig.defaults().with(c -> c.numTrainEpochs(1).perDeviceTrainBatchSize(1).learningRate(1e-2)
                .weightDecay(weightDecay).adamBeta2(0.99).lrSchedulerType(LrSchedulerType.CONSTANT).seed(1).loggingSteps(1).saveSteps(0)
                .saveTotalLimit(0).maxLength(8).bucketMultiple(1).maxEvalSamples(0));
    }

    /** The algorithm of torch.optim.AdamW's documentation, in double, written without a look at the class under test's loop. */
    @Test
    void aHundredStepsAgreeWithFloat64() {
        Slots slots = new Slots().add("w", 300, 100).add("b", 70);
        Random random = new Random(5);
        int n = 30_070;
        double[] theta = new double[n];
        double[] m = new double[n];
        double[] v = new double[n];
        for (int i = 0; i < n; i++) {
            float start = (float) random.nextGaussian();
            put(slots, i, start);
            theta[i] = start;
        }
        AdamW optimizer = new AdamW(slots, config(0.1).optimizer());
        for (int t = 1; t <= 100; t++) {
            double squares = 0;
            double[] g = new double[n];
            for (int i = 0; i < n; i++) {
                float gradient = (float) (random.nextGaussian() * (1 + i % 7) + Math.sin(i));
                g[i] = gradient;
                squares += g[i] * g[i];
                Slot slot = i < 30_000 ? slots.slots().get(0) : slots.slots().get(1);
                slot.gradients().put(i < 30_000 ? i : i - 30_000, gradient);
            }
            double norm = Math.sqrt(squares);
            assertEquals(norm, optimizer.gradientNorm(), 1e-12 * norm);
            double clip = Math.min(1, 5 / (norm + 1e-6));
            double lr = 1e-2 / t;
            optimizer.step(lr, Optimizer.clipFactor(norm, 5));
            for (int i = 0; i < n; i++) {
                double clipped = g[i] * clip;
                theta[i] *= 1 - lr * (i < 30_000 ? 0.1 : 0);
                m[i] = 0.9 * m[i] + 0.1 * clipped;
                v[i] = 0.99 * v[i] + 0.01 * clipped * clipped;
                double mHat = m[i] / (1 - Math.pow(0.9, t));
                double vHat = v[i] / (1 - Math.pow(0.99, t));
                theta[i] -= lr * mHat / (Math.sqrt(vHat) + 1e-8);
            }
        }
        for (int i = 0; i < n; i++) {
            // 100 roundings to float32 are a random walk of 3 ulp; the worst of 30,000 such walks goes four times as far
            assertEquals(theta[i], get(slots, i), 16 * Math.ulp((float) Math.max(1, Math.abs(theta[i]))), "parameter " + i);
        }
        assertEquals(100, optimizer.steps());
    }

    @Test
    void aStepLeavesTheGradientsZero() {
        Slots slots = new Slots().add("w", 200, 200).add("b", 3);
        slots.slots().forEach(slot -> IntStream.range(0, slot.size()).forEach(i -> slot.gradients().put(i, i - 7)));
        AdamW optimizer = new AdamW(slots, config(0).optimizer());
        optimizer.step(0.1, 1);
        assertEquals(0, optimizer.gradientNorm());
    }

    @Test
    void tensorsOfRankTwoDecayAndVectorsDoNot() {
        Slots slots = new Slots().add("wte.weight", 1, 2).add("ln.weight", 2);
        for (int i = 0; i < 4; i++) {
            (i < 2 ? slots.slots().get(0) : slots.slots().get(1)).values().put(i % 2, 1);
        }
        AdamW optimizer = new AdamW(slots, config(0.5).optimizer());
        optimizer.step(0.1, 1);
        assertEquals(0.95f, slots.slots().get(0).values().get(1));
        assertEquals(1f, slots.slots().get(1).values().get(1));
    }

    /** A second user of the workers does all pieces on its own thread. */
    @Test
    void theNumberOfThreadsChangesNoBit() throws InterruptedException {
        int[] together = train();
        CountDownLatch taken = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        Thread other = new Thread(() -> Workers.forEach(2, piece -> {
            taken.countDown();
            try {
                done.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
        other.start();
        taken.await();
        try {
            assertArrayEquals(together, train());
        } finally {
            done.countDown();
            other.join();
        }
    }

    private static int[] train() {
        Slots slots = new Slots().add("w", 1000, 101).add("b", 3);
        Random random = new Random(8);
        AdamW optimizer = new AdamW(slots, config(0.1).optimizer());
        for (int t = 0; t < 3; t++) {
            for (Slot slot : slots.slots()) {
                for (int i = 0; i < slot.size(); i++) {
                    slot.gradients().put(i, (float) random.nextGaussian());
                }
            }
            optimizer.step(1e-2, Optimizer.clipFactor(optimizer.gradientNorm(), 1));
        }
        return slots.bits();
    }

    /** Values of torch.nn.utils.clip_grad_norm_'s formula: max_norm / (norm + 1e-6), never above 1. */
    @Test
    void clippingScalesDownToTheNormAndNeverUp() {
        assertEquals(1, Optimizer.clipFactor(0.5, 1));
        assertEquals(1, Optimizer.clipFactor(1e9, 0), "0 switches clipping off");
        assertEquals(1 / 4.000001, Optimizer.clipFactor(4, 1), 1e-15);
        assertEquals(1, Optimizer.clipFactor(0, 1));
    }

    @Test
    void oneGradientThatIsNotFiniteShowsInTheNorm() {
        Slots slots = new Slots().add("w", 200, 200);
        AdamW optimizer = new AdamW(slots, config(0).optimizer());
        slots.slots().get(0).gradients().put(39_999, Float.NaN);
        assertTrue(Double.isNaN(optimizer.gradientNorm()));
        slots.slots().get(0).gradients().put(39_999, Float.NEGATIVE_INFINITY);
        assertEquals(Double.POSITIVE_INFINITY, optimizer.gradientNorm());
        slots.slots().get(0).gradients().put(39_999, Float.MAX_VALUE);
        assertEquals(Float.MAX_VALUE, optimizer.gradientNorm(), "squares beyond float32 are still finite");
    }

    private static void put(Slots slots, int i, float value) {
        slots.slots().get(i < 30_000 ? 0 : 1).values().put(i < 30_000 ? i : i - 30_000, value);
    }

    private static float get(Slots slots, int i) {
        return slots.slots().get(i < 30_000 ? 0 : 1).values().get(i < 30_000 ? i : i - 30_000);
    }
}

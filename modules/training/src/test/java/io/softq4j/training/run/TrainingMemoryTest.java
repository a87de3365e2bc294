package io.softq4j.training.run;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.softq4j.common.UserError;
import io.softq4j.training.TrainingConfig;
import io.softq4j.training.optim.OptimizerType;
import org.junit.jupiter.api.Test;

class TrainingMemoryTest {

    private final TrainingMemory memory = TrainingMemory.of(100_000_000, 100_000_000, TrainingConfig.defaults().optimizer(), 500_000_000, 8, 256);

    @Test
    void whatTheOptimiserRemembersIsCounted() {
        TrainingConfig sgd = TrainingConfig.defaults().with(c -> c.optim(OptimizerType.SGD));
        assertEquals(800_000_000, memory.moments());
        assertEquals(400_000_000, TrainingMemory.of(100_000_000, 100_000_000, sgd.with(c -> c.sgdMomentum(0.9)).optimizer(), 0, 8, 256).moments());
        assertEquals("0.80 GB: weights 0.40, gradients 0.40, SGD 0.00, activations 0.00 (8 rows of 256 tokens)",
                TrainingMemory.of(100_000_000, 100_000_000, sgd.optimizer(), 0, 8, 256).toString());
    }

    @Test
    void parametersCountFourTimes() {
        assertEquals(4L * 400_000_000 + 500_000_000, memory.total());
        assertEquals("2.10 GB: weights 0.40, gradients 0.40, AdamW 0.80, activations 0.50 (8 rows of 256 tokens)", memory.toString());
    }

    @Test
    void aBillionParametersDoNotOverflow() {
        assertEquals(16_000_000_000L + 5_000_000_000L, TrainingMemory.of(1_000_000_000, 1_000_000_000, TrainingConfig.defaults().optimizer(), 5_000_000_000L, 1, 4096).total());
    }

    @Test
    void whatDoesNotFitIsRefusedWithTheNumbersAndAWayOut() {
        assertDoesNotThrow(() -> memory.requireFits(2_100_000_000L, false));
        assertEquals("training needs " + memory + ", but 2.00 GB are free. Set training.gradient_checkpointing=true, a smaller "
                + "training.per_device_train_batch_size with more training.gradient_accumulation_steps (the same result), or a smaller "
                + "training.max_length.", assertThrows(UserError.class, () -> memory.requireFits(2_000_000_000L, false)).getMessage());
        assertEquals("training needs " + memory + ", but 1.00 GB are free. Weights, gradients and optimiser alone are too large: choose a smaller "
                + "model, or a machine with more memory.", assertThrows(UserError.class, () -> memory.requireFits(1_000_000_000L, true)).getMessage());
    }
}

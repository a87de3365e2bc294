package io.softq4j.training.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.softq4j.common.Json;
import io.softq4j.graph.plan.Parameters.Slot;
import io.softq4j.training.Slots;
import io.softq4j.training.TrainingConfig;
import java.io.IOException;
import java.io.InputStream;
import java.nio.FloatBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Against {@code torch.optim.SGD}, whose steps {@code sgd.py} wrote. */
class SgdMomentumTest {

    private static final double NORM = 2;

    private static float start(String name, int i) {
        return (float) (0.3 * ((7 * i + name.length()) % 11 - 5));
    }

    private static float gradient(String name, int i, int step) {
        return (float) (0.25 * ((5 * i + 3 * step + name.charAt(0)) % 13 - 6));
    }

    @Test
    void stepsAreThoseOfPyTorch() throws IOException {
        JsonNode golden;
        try (InputStream json = SgdMomentumTest.class.getResourceAsStream("/optim/sgd.json")) {
            golden = Json.STRICT.readTree(json);
        }
        assertEquals(4, golden.get("runs").size());
        for (JsonNode run : golden.get("runs")) {
            double momentum = run.get("momentum").asDouble();
            double decay = run.get("weight_decay").asDouble();
            Slots slots = new Slots().add("w", 3, 4).add("b", 5);
            slots.slots().forEach(slot -> fill(slot, i -> start(slot.name(), i)));
            Optimizer optimizer = TrainingConfig.defaults().with(c -> c.optim(OptimizerType.SGD).sgdMomentum(momentum).weightDecay(decay))
                    .optimizer().on(slots);
            for (int step = 0; step < run.get("after").size(); step++) {
                int at = step;
                slots.slots().forEach(slot -> fill(slot.gradients(), slot.size(), i -> gradient(slot.name(), i, at)));
                optimizer.step(0.1 / (1 + step), Optimizer.clipFactor(optimizer.gradientNorm(), NORM));
                for (Slot slot : slots.slots()) {
                    JsonNode expected = run.get("after").get(step).get(slot.name());
                    for (int i = 0; i < slot.size(); i++) {
                        assertEquals(expected.get(i).floatValue(), slot.values().get(i), 5e-7f, "momentum " + momentum + ", decay " + decay + ", step "
                                + step + ", " + slot.name() + " " + i);
                    }
                }
            }
            assertEquals(0, optimizer.gradientNorm(), "gradients are ready for the next step");
        }
    }

    @Test
    void onlyMomentumIsRemembered() {
        Slots slots = new Slots().add("w", 3, 4).add("b", 5);
        TrainingConfig config = TrainingConfig.defaults().with(c -> c.optim(OptimizerType.SGD));
        assertTrue(config.optimizer().on(slots).state().isEmpty());
        assertEquals(0, config.optimizer().bytesPerParameter());
        OptimizerSettings momentum = config.with(c -> c.sgdMomentum(0.9)).optimizer();
        assertEquals(List.of("momentum_buffer.w", "momentum_buffer.b"), momentum.on(slots).state().stream().map(tensor -> tensor.name()).toList());
        assertEquals(4, momentum.bytesPerParameter());
    }

    private interface Values {
        float at(int i);
    }

    private static void fill(Slot slot, Values values) {
        fill(slot.values(), slot.size(), values);
    }

    private static void fill(FloatBuffer buffer, int size, Values values) {
        for (int i = 0; i < size; i++) {
            buffer.put(i, values.at(i));
        }
    }
}

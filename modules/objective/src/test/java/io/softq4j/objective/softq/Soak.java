package io.softq4j.objective.softq;

import io.softq4j.graph.Lowering;
import io.softq4j.graph.plan.Plan;
import io.softq4j.model.Gpt2;
import io.softq4j.model.Gpt2Config;
import io.softq4j.model.ModelGraph;
import io.softq4j.objective.Batch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * The program {@link SoakTest} runs: trains a small model for long, and makes and closes large plans. Prints the resident memory in kB, once warm
 * and at the end of each.
 */
final class Soak {

    private static final int WARM_UP = 100;
    private static final int STEPS = 400;
    private static final int PLANS = 60;

    private Soak() {
    }

    public static void main(String[] args) throws IOException {
        train();
        plans();
    }

    private static void train() throws IOException {
        Batch batch = Sequence.padded(Sequence.samples(), 8, 0);
        ModelGraph model = Gpt2.build(Gpt2Config.defaults().with(c -> c.vocabSize(10).nPositions(16).nEmbd(8).nLayer(2).nHead(2)
                .initializerRange(0.3)), 5, Lowering.best(),
                        DataType.FLOAT);
        try (SoftQ objective = new SoftQ(model, SoftQConfig.defaults())) {
            for (int step = 0; step <= WARM_UP + STEPS; step++) {
                objective.parameters().zeroGradients();
                objective.accumulateAt(batch, batch.counts(), 0.1);
                objective.evaluate(batch);
                report(step == WARM_UP || step == WARM_UP + STEPS);
            }
        }
    }

    /** Each holds 10 MB of logits. */
    private static void plans() throws IOException {
        ModelGraph model = Gpt2.build(Gpt2Config.defaults().with(c -> c.vocabSize(40_000).nPositions(64).nEmbd(8).nLayer(1).nHead(2)
                .initializerRange(0.3)), 5, Lowering.best(),
                        DataType.FLOAT);
        long[] shape = {1, 64};
        Map<String, long[]> shapes = Map.of(ModelGraph.INPUT_IDS, shape, ModelGraph.POSITION_IDS, shape, ModelGraph.ATTENTION_MASK, shape);
        for (int i = 0; i <= PLANS; i++) {
            try (Plan plan = Plan.compile(model.graph(), shapes, List.of(model.logits().name()))) {
                plan.run();
            }
            report(i == 10 || i == PLANS);
        }
    }

    private static void report(boolean now) throws IOException {
        if (now) {
            System.out.println(Files.readAllLines(Path.of("/proc/self/status")).stream().filter(line -> line.startsWith("VmRSS")).findFirst()
                    .orElseThrow());
        }
    }
}

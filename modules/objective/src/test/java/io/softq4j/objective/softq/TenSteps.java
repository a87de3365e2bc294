package io.softq4j.objective.softq;

import io.softq4j.graph.Lowering;
import io.softq4j.graph.plan.Parameters;
import io.softq4j.model.Gpt2;
import io.softq4j.model.Gpt2Config;
import io.softq4j.objective.Batch;
import org.nd4j.linalg.api.buffer.DataType;

/** Ten steps of gradient descent on a small model; as a program, the loss before each and how the graph was lowered. */
final class TenSteps {

    private TenSteps() {
    }

    public static void main(String[] args) {
        System.out.println("lowering " + Lowering.best());
        System.out.println("lowering " + Lowering.best()); // what is missing is said once
        for (double loss : losses()) {
            System.out.println("loss " + loss);
        }
    }

    static double[] losses() {
        Gpt2Config size = Gpt2Config.defaults().with(c -> c.vocabSize(10).nPositions(16).nEmbd(24).nLayer(2).nHead(2)
                .initializerRange(0.3));
        Batch batch = Sequence.padded(Sequence.samples(), 8, 0);
        double[] losses = new double[10];
        try (SoftQ objective = new SoftQ(Gpt2.build(size, 5, Lowering.best(), DataType.FLOAT), SoftQConfig.defaults())) {
            for (int step = 0; step < losses.length; step++) {
                objective.parameters().zeroGradients();
                losses[step] = objective.accumulateAt(batch, batch.counts(), 0.1).loss(0.1);
                for (Parameters.Slot slot : objective.parameters().slots()) {
                    for (int i = 0; i < slot.size(); i++) {
                        slot.values().put(i, slot.values().get(i) - 0.05f * slot.gradients().get(i));
                    }
                }
            }
        }
        return losses;
    }
}

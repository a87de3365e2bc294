package io.softq4j.benchmark;

import io.softq4j.graph.Lowering;
import io.softq4j.model.Gpt2Config;
import io.softq4j.model.LanguageModel;
import io.softq4j.model.weights.Safetensors;
import io.softq4j.model.weights.Tensor;
import io.softq4j.objective.Batch;
import io.softq4j.objective.softq.LossSums;
import io.softq4j.objective.softq.SoftQ;
import io.softq4j.objective.softq.SoftQConfig;
import io.softq4j.training.TrainingConfig;
import io.softq4j.training.optim.Optimizer;
import java.nio.file.Path;
import java.util.Arrays;

/** softq4j: what {@code io.softq4j.training.Trainer} does in a step, on one batch. */
final class OurEngine implements TrainingEngine {

    private static final long SEED = 42;
    private static final double INITIALIZER_RANGE = 0.02;

    private final LanguageModel model;
    private final SoftQ objective;
    private final Optimizer optimizer;
    private final Batch batch;

    OurEngine(ModelShape shape, boolean gradientCheckpointing) {
        model = model(shape);
        objective = new SoftQ(model.graph(), SoftQConfig.defaults(), gradientCheckpointing);
        optimizer = TrainingConfig.defaults().optimizer().on(objective.parameters());
        batch = batch(shape);
    }

    /** The model of a shape with the weights that every engine begins with. */
    static LanguageModel model(ModelShape shape) {
        Gpt2Config config = Gpt2Config.defaults().with(c -> c.vocabSize(shape.vocabulary()).nPositions(shape.length()).nEmbd(shape.width())
                .nLayer(shape.layers()).nHead(shape.heads()).initializerRange(INITIALIZER_RANGE));
        return LanguageModel.create(config, SEED, Lowering.best());
    }

    private static Batch batch(ModelShape shape) {
        TokenRows rows = TokenRows.of(shape);
        int n = shape.tokens();
        int[] positions = new int[n];
        int[] segments = new int[n];
        float[] nll = new float[n];
        float[] td = new float[n];
        float[] continues = new float[n];
        Arrays.fill(segments, 1);
        Arrays.fill(continues, 1);
        for (int i = 0; i < n; i++) {
            positions[i] = i % shape.length();
            nll[i] = rows.scored()[i] ? 1 : 0;
            td[i] = positions[i] == shape.length() - 1 ? 0 : nll[i];
        }
        return new Batch(shape.rows(), shape.length(), rows.inputs(), positions, segments, rows.targets(), nll, td, continues);
    }

    @Override
    public String name() {
        return "softq4j";
    }

    @Override
    public double step(double lambda) {
        LossSums sums = objective.accumulateAt(batch, batch.counts(), lambda);
        optimizer.step(LEARNING_RATE, Optimizer.clipFactor(optimizer.gradientNorm(), MAX_GRAD_NORM));
        return sums.loss(lambda);
    }

    /** Writes the weights as Hugging Face names them. */
    void writeWeights(Path directory) {
        Safetensors.write(directory.resolve("model.safetensors"),
                objective.parameters().slots().stream().map(slot -> new Tensor(slot.name(), slot.shape(), slot.values())).toList());
    }

    @Override
    public void close() {
        objective.close();
        model.close();
    }
}

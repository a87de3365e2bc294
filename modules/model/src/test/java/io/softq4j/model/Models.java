package io.softq4j.model;

import io.softq4j.graph.Lowering;
import io.softq4j.graph.machine.Memory;
import io.softq4j.graph.plan.Plan;
import io.softq4j.model.weights.Safetensors;
import io.softq4j.model.weights.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Small models whose biases and gains are random too, so that none can be forgotten unnoticed. */
public final class Models {

    public static final Gpt2Config TINY = Gpt2Config.defaults().with(c -> c.vocabSize(11).nPositions(16).nEmbd(12).nLayer(2).nHead(3)
            .initializerRange(0.4));

    private Models() {
    }

    public static LanguageModel tiny() {
        LanguageModel model = LanguageModel.create(TINY, 1, Lowering.FUSED);
        Random random = new Random(2);
        for (String name : model.graph().parameters()) {
            INDArray array = model.graph().graph().getVariable(name).getArr();
            if (array.rank() == 1) {
                for (long i = 0; i < array.length(); i++) {
                    array.putScalar(i, array.getDouble(i) + 0.3 * random.nextGaussian());
                }
            }
        }
        return model;
    }

    /** Saves a model with random biases and gains. */
    public static void save(ModelConfig config, Path directory) throws IOException {
        try (LanguageModel model = LanguageModel.create(config, 1, Lowering.FUSED)) {
            Random random = new Random(2);
            for (String name : model.graph().parameters()) {
                INDArray array = model.array(name);
                for (long i = 0; array.rank() == 1 && i < array.length(); i++) {
                    array.putScalar(i, array.getDouble(i) + 0.3 * random.nextGaussian());
                }
            }
            model.writeConfig(directory, 0, 0);
            Safetensors.write(directory.resolve("model.safetensors"), model.tensors());
        }
    }

    /** As training leaves them: no B is 0. */
    public static void trainAdapters(LanguageModel tuned) {
        Random random = new Random(9);
        tuned.linears().forEach(layer -> Memory.fill(tuned.array(layer.loraB()), () -> 0.3 * random.nextGaussian()));
    }

    public static Map<String, double[]> weights(LanguageModel model) {
        Map<String, double[]> weights = new LinkedHashMap<>();
        for (String name : model.graph().parameters()) {
            weights.put(name, model.graph().graph().getVariable(name).getArr().dup().data().asDouble());
        }
        return weights;
    }

    /** The parameters as a file has them. */
    static List<Tensor> tensors(LanguageModel model) {
        List<Tensor> tensors = new ArrayList<>();
        for (String name : model.graph().parameters()) {
            INDArray array = model.graph().graph().getVariable(name).getArr();
            tensors.add(new Tensor(name, Arrays.stream(array.shape()).mapToObj(Math::toIntExact).toList(), Memory.floats(array)));
        }
        return tensors;
    }

    /** The graph in standard ops and double, with these weights. */
    static ModelGraph exact(ModelConfig config, Map<String, double[]> weights) {
        Weights given = (graph, name, mean, deviation, shape) -> graph.var(name, Nd4j.createFromArray(weights.get(name)).reshape(shape));
        return Family.of(config).transformer(given, Lowering.STANDARD, DataType.DOUBLE).sequences();
    }

    /** Logits [T][V] of one sequence through the graph, behind {@code left} and before {@code right} padding tokens. */
    public static double[][] logits(ModelGraph model, int[] ids, int left, int right) {
        int length = left + ids.length + right;
        int[] padded = new int[length];
        int[] positions = new int[length];
        int[] segments = new int[length];
        for (int t = 0; t < ids.length; t++) {
            padded[left + t] = ids[t];
            positions[left + t] = t;
            segments[left + t] = 1;
        }
        return Arrays.copyOfRange(logits(model, padded, positions, segments), left, left + ids.length);
    }

    /** Logits [T][V] of one row through the graph. */
    public static double[][] logits(ModelGraph model, int[] ids, int[] positions, int[] segments) {
        long[] shape = {1, ids.length};
        Map<String, long[]> shapes = Map.of(ModelGraph.INPUT_IDS, shape, ModelGraph.POSITION_IDS, shape, ModelGraph.ATTENTION_MASK, shape);
        try (Plan plan = Plan.compile(model.graph(), shapes, List.of(model.logits().name()))) {
            plan.write(ModelGraph.INPUT_IDS, ids);
            plan.write(ModelGraph.POSITION_IDS, positions);
            plan.write(ModelGraph.ATTENTION_MASK, segments);
            plan.run();
            return matrix(plan, model.logits().name());
        }
    }

    /** A copy of what a plan computed, in float64. */
    static INDArray array(Plan plan, String name) {
        return Nd4j.createFromArray(plan.read(name)).reshape(plan.shape(name));
    }

    /** The same of a matrix. */
    static double[][] matrix(Plan plan, String name) {
        return array(plan, name).toDoubleMatrix();
    }
}

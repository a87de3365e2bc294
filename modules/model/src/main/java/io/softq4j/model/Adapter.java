package io.softq4j.model;

import io.softq4j.common.Suggestion;
import io.softq4j.common.UserError;
import io.softq4j.graph.machine.Memory;
import io.softq4j.graph.machine.Workers;
import io.softq4j.model.weights.Safetensors;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A low-rank adapter of the linear layers of a model (LoRA: Hu et al. 2021, arXiv 2106.09685): W + scaling B A in the place of W. On the
 * disk it is what PEFT saves, {@code adapter_config.json} and {@code adapter_model.safetensors}.
 */
public final class Adapter {

    /** Where the weights are. */
    public static final String WEIGHTS = "adapter_model.safetensors";

    /** What PEFT puts in front of the names of the model's modules. */
    public static final String PREFIX = "base_model.model.";

    /**
     * The adapter of one layer.
     *
     * @param a {@code [r, in]}
     * @param b {@code [out, r]}
     */
    private record Factors(LinearLayer layer, FloatBuffer a, FloatBuffer b) {
    }

    private final int r;
    private final double scaling;
    private final List<Factors> factors;

    private Adapter(int r, double scaling, List<Factors> factors) {
        this.r = r;
        this.scaling = scaling;
        this.factors = factors;
    }

    /** The adapter that a model computes with, as live memory. */
    public static Adapter of(LanguageModel model) {
        TuningConfig tuning = model.tuning();
        return new Adapter(tuning.loraR(), tuning.scaling(), model.linears().stream().filter(layer -> tuning.adapts(layer.name()))
                .map(layer -> new Factors(layer, Memory.floats(model.array(layer.loraA())), Memory.floats(model.array(layer.loraB()))))
                .toList());
    }

    /**
     * Reads the adapter in a directory.
     *
     * @param model of the architecture it was trained on
     * @throws UserError if a file is malformed, computes something else than LoRA, or belongs to another model
     */
    public static Adapter read(Path directory, LanguageModel model) {
        AdapterConfig config = AdapterConfig.read(directory);
        try (Safetensors tensors = open(directory)) {
            return new Adapter(config.r(), config.scaling(), adapted(tensors, config.r(), model.linears()).stream()
                    .map(layer -> new Factors(layer, read(tensors, PREFIX + layer.loraA()), read(tensors, PREFIX + layer.loraB())))
                    .toList());
        }
    }

    /**
     * Compares the adapter in a directory with a model, from the headers alone: nothing is read or allocated.
     *
     * @throws UserError as {@link #read(Path, LanguageModel)}
     */
    public static void check(Path directory, ModelConfig model) {
        AdapterConfig config = AdapterConfig.read(directory);
        try (Safetensors tensors = open(directory)) {
            adapted(tensors, config.r(), LanguageModel.linears(model));
        }
    }

    private static Safetensors open(Path directory) {
        Path file = directory.resolve(WEIGHTS);
        if (!Files.exists(file) && Files.exists(directory.resolve("adapter_model.bin"))) {
            throw new UserError(directory + " has its weights as adapter_model.bin, PyTorch's pickle format, which can run code when it "
                    + "is read; "
                    + "read is " + WEIGHTS + ". Save it again with a PEFT that writes safetensors, where you trust its origin.");
        }
        if (!Files.exists(file)) {
            throw new UserError(directory + " has no " + WEIGHTS + " beside its adapter_config.json: finish the copy or the download.");
        }
        return Safetensors.open(file);
    }

    /** The layers that have an adapter in a file, each with both of its factors in the right shape. */
    private static List<LinearLayer> adapted(Safetensors tensors, int r, List<LinearLayer> linears) {
        List<LinearLayer> adapted = new ArrayList<>();
        Set<String> left = new TreeSet<>(tensors.names());
        for (LinearLayer layer : linears) {
            String a = PREFIX + layer.loraA();
            String b = PREFIX + layer.loraB();
            if (left.remove(a) | left.remove(b)) {
                tensors.readable(a, List.of(r, layer.in()));
                tensors.readable(b, List.of(layer.out(), r));
                adapted.add(layer);
            }
        }
        if (!left.isEmpty()) {
            throw foreign(tensors.path(), left, linears);
        }
        if (adapted.isEmpty()) {
            throw new UserError(tensors.path() + " has no tensor: the adapter was saved empty. Save it again.");
        }
        return adapted;
    }

    private static FloatBuffer read(Safetensors tensors, String name) {
        FloatBuffer values = FloatBuffer.allocate(Math.toIntExact(tensors.info(name).size()));
        tensors.readFinite(name, tensors.info(name).shape(), values);
        return values;
    }

    private static UserError foreign(Path file, Set<String> names, List<LinearLayer> linears) {
        String first = names.iterator().next();
        List<String> known = linears.stream().flatMap(layer -> List.of(PREFIX + layer.loraA(), PREFIX + layer.loraB()).stream()).toList();
        return new UserError(file + " has " + names.size() + " tensors the model has no place for, such as '" + first + "'. "
                + Suggestion.nearest(first, known).map(meant -> "The nearest it has is '" + meant + "'. ").orElse("")
                + "The adapter belongs to another model, or adapts what is no linear layer.");
    }

    /** W + scaling B A for each layer, in place; the sum is rounded to float32 once. */
    public void merge(LanguageModel model) {
        add(model, scaling);
    }

    /** W - scaling B A for each layer, in place: what {@link #merge} has added, up to the rounding of its sum. */
    public void unmerge(LanguageModel model) {
        add(model, -scaling);
    }

    private void add(LanguageModel model, double scale) {
        for (Factors f : factors) {
            LinearLayer layer = f.layer();
            INDArray weight = model.array(layer.weight());
            if (layer.fanInFanOut()) {
                add(Memory.floats(weight), transposed(f.a(), r, layer.in()), transposed(f.b(), layer.out(), r), scale);
            } else {
                add(Memory.floats(weight), doubles(f.b()), doubles(f.a()), scale);
            }
        }
    }

    /**
     * W + scale L R, row by row, in float64.
     *
     * @param weight W, {@code [M, N]}
     * @param left   L, {@code [M, r]}
     * @param right  R, {@code [r, N]}
     */
    private void add(FloatBuffer weight, double[] left, double[] right, double scale) {
        int columns = right.length / r;
        Workers.forEach(left.length / r, row -> {
            float[] values = new float[columns];
            double[] sum = new double[columns];
            weight.get(row * columns, values);
            for (int k = 0; k < r; k++) {
                addRow(sum, scale * left[row * r + k], right, k * columns);
            }
            for (int i = 0; i < columns; i++) {
                values[i] = (float) (values[i] + sum[i]);
            }
            weight.put(row * columns, values);
        });
    }

    private static void addRow(double[] sum, double factor, double[] right, int from) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] += factor * right[from + i];
        }
    }

    private static double[] doubles(FloatBuffer values) {
        double[] wide = new double[values.capacity()];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = values.get(i);
        }
        return wide;
    }

    private static double[] transposed(FloatBuffer values, int rows, int columns) {
        double[] wide = new double[rows * columns];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                wide[column * rows + row] = values.get(row * columns + column);
            }
        }
        return wide;
    }
}

package io.softq4j.benchmark.peer;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import io.softq4j.benchmark.ModelShape;
import io.softq4j.benchmark.TokenRows;
import io.softq4j.benchmark.TrainingEngine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The official libtorch through DJL. Its Java interface lacks ops that a user of PyTorch has, so the step is {@link TorchScript}. */
final class DjlEngine implements TrainingEngine {

    private static final long IGNORED = -100;

    private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
    private final Model model;
    private final Engine engine = Engine.getEngine("PyTorch");
    private final NDList arguments = new NDList();

    DjlEngine(ModelShape shape, Path directory, int threads) {
        System.setProperty("ai.djl.pytorch.num_threads", Integer.toString(threads));
        // interpret the step as it is: the profiling executor gains nothing on code that is all library calls
        System.setProperty("ai.djl.pytorch.graph_optimizer", "false");
        model = load(shape);
        TokenRows rows = TokenRows.of(shape);
        long[] in = new long[shape.tokens()];
        long[] out = new long[shape.tokens()];
        for (int i = 0; i < in.length; i++) {
            in[i] = rows.inputs()[i];
            out[i] = rows.scored()[i] ? rows.targets()[i] : IGNORED;
        }
        arguments.add(manager.create(in, new Shape(shape.rows(), shape.length())));
        arguments.add(manager.arange(0, shape.length(), 1, DataType.INT64));
        arguments.add(manager.create(out));
        PeerWeights.read(directory, shape.layers(), (extents, values) -> {
            NDArray parameter = manager.create(values, new Shape(extents), DataType.FLOAT32);
            parameter.setRequiresGradient(true);
            add("p[]", parameter);
        });
        int parameters = arguments.size() - 3;
        for (String moment : new String[] {"exp_avg[]", "exp_avg_sq[]"}) {
            for (int i = 0; i < parameters; i++) {
                add(moment, manager.zeros(arguments.get(3 + i).getShape()));
            }
        }
        for (int i = 0; i < parameters; i++) {
            add("steps[]", manager.zeros(new Shape()));
        }
    }

    private static Model load(ModelShape shape) {
        try {
            Path directory = Files.createTempDirectory("softq-peer");
            Path file = directory.resolve("step.pt");
            try {
                TorchScript.write(file, shape, LEARNING_RATE, MAX_GRAD_NORM);
                Model model = Model.newInstance("step", Device.cpu(), "PyTorch");
                model.load(directory, "step");
                return model;
            } finally {
                Files.deleteIfExists(file);
                Files.deleteIfExists(directory);
            }
        } catch (IOException | ai.djl.MalformedModelException e) {
            throw new UncheckedIOException(new IOException("the training step does not load into PyTorch: " + e.getMessage(), e));
        }
    }

    private void add(String list, NDArray value) {
        value.setName(list);
        arguments.add(value);
    }

    @Override
    public String name() {
        return "PyTorch " + engine.getVersion() + " (DJL)";
    }

    @Override
    public double step(double lambda) {
        PeerMain.requireCrossEntropy(lambda);
        try (NDManager scope = manager.newSubManager(); GradientCollector recording = engine.newGradientCollector()) {
            NDList result = model.getBlock().forward(new ParameterStore(scope, false), arguments, true);
            try (NDArray loss = result.singletonOrThrow()) {
                return loss.getFloat();
            }
        }
    }

    @Override
    public void close() {
        model.close();
        manager.close();
    }
}

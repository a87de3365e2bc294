package io.softq4j.onnx;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.graph.Lowering;
import io.softq4j.graph.Ops;
import io.softq4j.model.ModelGraph;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/** Every word of the table in forms that GPT-2 does not use; onnxruntime must agree with the plan of the same graph. */
class TranslationsTest {

    private static final Map<String, BiFunction<Ops, SDVariable, SDVariable>> BODIES = Map.ofEntries(
            Map.entry("scalar ops", (ops, x) -> x.add(3).sub(0.5).mul(1.5).div(7)),
            Map.entry("scalar first", (ops, x) -> x.mul(x).add(1).rdiv(2).rsub(1)),
            Map.entry("broadcasting both ways", (ops, x) -> row(ops).div(x.mul(x).add(1)).sub(x.mean(true, 1)).add(row(ops).mul(x))),
            Map.entry("mean over all", (ops, x) -> x.add(row(ops).mean())),
            Map.entry("mean without keeping the dimension", (ops, x) -> x.mul(ops.graph().expandDims(x.mean(1), -1))),
            Map.entry("mean over two axes", (ops, x) -> ops.graph().reshape(cube(ops, x).mean(true, 1, 2), -1, 1).mul(x)),
            Map.entry("square root and tanh", (ops, x) -> ops.graph().math().tanh(ops.graph().math().sqrt(x.mul(x).add(1)))),
            Map.entry("functions of one element", (ops, x) -> ops.graph().math().erf(x).add(ops.graph().nn().sigmoid(x))
                    .add(ops.graph().math().cos(x.mul(9)).mul(ops.graph().math().sin(x.mul(5))))),
            Map.entry("softmax over the first axis", (ops, x) -> ops.graph().nn().softmax(square(ops), 0).mul(row(ops)).mean(true, 1).mean()
            .mul(x)),
            Map.entry("comparisons and casts", (ops, x) -> {
                SDVariable mean = x.mean(true, 1);
                SDVariable same = ops.graph().eq(x, x).castTo(DataType.INT).mul(3);
                return ops.graph().lte(x, mean).castTo(DataType.FLOAT).add(same.castTo(DataType.FLOAT)).mul(x);
            }),
            Map.entry("product with transposed left", (ops, x) -> ops.graph().mmul(x, squared(ops, true, false))),
            Map.entry("product with both transposed", (ops, x) -> ops.graph().mmul(x, squared(ops, true, true))),
            Map.entry("batched product, left transposed", (ops, x) -> {
                SDVariable cube = cube(ops, x); // [N, 2, 4]
                SDVariable inner = ops.graph().mmul(cube, cube, true, false, false);
                return ops.graph().reshape(ops.graph().mmul(inner, ops.graph().permute(cube, 0, 2, 1)), -1, 8);
            }),
            Map.entry("split, concat and permute", (ops, x) -> {
                SDVariable[] parts = ops.graph().split(x, 4, 1);
                return ops.graph().permute(ops.graph().permute(ops.graph().concat(1, parts[3], parts[1], parts[0], parts[2]), 1, 0), 1, 0);
            }),
            Map.entry("reshape by a computed shape", (ops, x) -> ops.graph().reshape(cube(ops, x), ops.graph().shape(x)).mul(row(ops))),
            Map.entry("lookup in a vector", (ops, x) -> {
                SDVariable ids = ops.graph().constant(Nd4j.createFromArray(7, 0, 0, 3, 2, 1, 6, 5));
                return x.mul(ops.lookup(row(ops), ids));
            }));

    @TempDir
    private Path temporary;

    @ParameterizedTest
    @MethodSource("names")
    void onnxruntimeAgreesWithThePlan(String name) {
        ModelGraph model = Models.custom(Lowering.STANDARD, BODIES.get(name));
        assertTrue(OnnxExport.export(model, model, temporary.resolve("onnx"), Models.OPTIONS).passed());
    }

    private static Stream<String> names() {
        return BODIES.keySet().stream().sorted();
    }

    private static SDVariable row(Ops ops) {
        return ops.graph().constant(Nd4j.createFromArray(0.5f, -1f, 2f, 0.25f, 3f, -0.75f, 1f, 1.5f));
    }

    private static SDVariable square(Ops ops) {
        return ops.graph().constant(Nd4j.linspace(DataType.FLOAT, -1, 0.03, 64).reshape(8, 8));
    }

    private static SDVariable squared(Ops ops, boolean transposeLeft, boolean transposeRight) {
        return ops.graph().mmul(square(ops), square(ops), transposeLeft, transposeRight, false);
    }

    /** [N, 8] as [N, 2, 4]. */
    private static SDVariable cube(Ops ops, SDVariable x) {
        SameDiff graph = ops.graph();
        return graph.reshape(x, -1, 2, 4);
    }
}

package io.softq4j.onnx;

import static java.util.Map.entry;

import io.softq4j.common.UserError;
import io.softq4j.graph.kernel.KernelOp;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.LongStream;
import onnx.Onnx.AttributeProto;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.ReduceOp;
import org.nd4j.linalg.api.ops.ScalarOp;
import org.nd4j.linalg.api.ops.impl.shape.Reshape;

/** The table of translations, by SameDiff's op name, to ONNX operators of opset 17. */
final class Translations {

    private static final Map<String, Translation> TABLE = Map.ofEntries(
            entry("add", binary("Add")),
            entry("subtract", binary("Sub")),
            entry("multiply", binary("Mul")),
            entry("divide", binary("Div")),
            entry("equals", binary("Equal")),
            entry("less_equal", binary("LessOrEqual")),
            entry("add_scalar", scalar("Add", false)),
            entry("sub_scalar", scalar("Sub", false)),
            entry("mul_scalar", scalar("Mul", false)),
            entry("div_scalar", scalar("Div", false)),
            entry("rsub_scalar", scalar("Sub", true)),
            entry("rdiv_scalar", scalar("Div", true)),
            entry("sqrt", unary("Sqrt")),
            entry("tanh", unary("Tanh")),
            entry("exp", unary("Exp")),
            entry("erf", unary("Erf")),
            entry("sigmoid", unary("Sigmoid")),
            entry("cos", unary("Cos")),
            entry("sin", unary("Sin")),
            entry("maximum", binary("Max")),
            entry("cast", Translations::cast),
            entry("softmax", Translations::softmax),
            entry("reduce_mean", Translations::mean),
            entry("reduce_sum", Translations::sum),
            entry("reduce_max", Translations::max),
            entry("matmul", Translations::product),
            entry("gather", Translations::gather),
            entry("reshape", Translations::reshape),
            entry("permute", Translations::permute),
            entry("expand_dims", Translations::expandDims),
            entry("shape_of", unary("Shape")),
            entry("concat", Translations::concat),
            entry("split", Translations::split));

    private Translations() {
    }

    /** Writes one op. @throws UserError if there is no translation for it, or not for the form it is used in */
    static void translate(Node node, OnnxGraph out) {
        String name = node.function().opName();
        if (node.function() instanceof KernelOp) {
            throw new UserError("cannot export op '" + name + "' that computes '" + node.variable() + "' to ONNX: it is a kernel that "
                    + "runs in this JVM only. Build the model with Lowering.STANDARD, give it the same weights and export that");
        }
        Translation translation = TABLE.get(name);
        if (translation == null) {
            throw new UserError("cannot export op '" + name + "' that computes '" + node.variable()
                    + "' to ONNX: there is no translation for it, "
                    + "only for " + new TreeSet<>(TABLE.keySet())
                    + ". Write the model with the words of io.softq4j.graph.Ops, or add a translation to io.softq4j.onnx.Translations");
        }
        translation.translate(node, out);
    }

    private static Translation unary(String operator) {
        return (node, out) -> emit(node, out, operator, node.inputs());
    }

    private static Translation binary(String operator) {
        return (node, out) -> {
            inputs(node, 2);
            emit(node, out, operator, node.inputs());
        };
    }

    /** ND4J's older ops with a number; {@code reverse}: the number comes first. */
    private static Translation scalar(String operator, boolean reverse) {
        return (node, out) -> {
            inputs(node, 1);
            String number = out.scalar(((ScalarOp) node.function()).scalar().getDouble(0), node.inputType());
            emit(node, out, operator, reverse ? List.of(number, node.input()) : List.of(node.input(), number));
        };
    }

    private static void cast(Node node, OnnxGraph out) {
        emit(node, out, "Cast", node.inputs(), Attributes.integer("to", ElementTypes.of(node.outputType(), node.variable()).getNumber()));
    }

    private static void softmax(Node node, OnnxGraph out) {
        long[] axis = node.integers();
        emit(node, out, "Softmax", node.inputs(), Attributes.integer("axis", axis.length == 0 ? -1 : axis[0]));
    }

    private static void mean(Node node, OnnxGraph out) {
        inputs(node, 1);
        ReduceOp reduction = (ReduceOp) node.function();
        long[] axes = reduction.dimensions().toLongVector();
        AttributeProto keep = Attributes.integer("keepdims", reduction.isKeepDims() ? 1 : 0);
        if (axes.length == 1 && axes[0] == Integer.MAX_VALUE) {
            emit(node, out, "ReduceMean", node.inputs(), keep); // ND4J's way to say all axes
        } else {
            emit(node, out, "ReduceMean", node.inputs(), Attributes.integers("axes", axes), keep);
        }
    }

    /** Opset 13 made the axes of this one an input. */
    private static void sum(Node node, OnnxGraph out) {
        inputs(node, 1);
        ReduceOp reduction = (ReduceOp) node.function();
        String axes = out.integers(reduction.dimensions().toLongVector());
        emit(node, out, "ReduceSum", List.of(node.input(), axes), Attributes.integer("keepdims", reduction.isKeepDims() ? 1 : 0));
    }

    private static void max(Node node, OnnxGraph out) {
        inputs(node, 1);
        ReduceOp reduction = (ReduceOp) node.function();
        emit(node, out, "ReduceMax", node.inputs(), Attributes.integers("axes", reduction.dimensions().toLongVector()),
                Attributes.integer("keepdims", reduction.isKeepDims() ? 1 : 0));
    }

    /** Two dimensions: Gemm, whose flags spare a transposed copy of a tied weight. More: MatMul, with Transpose where a flag says so. */
    private static void product(Node node, OnnxGraph out) {
        inputs(node, 2);
        long[] flags = Arrays.copyOf(node.integers(), 3);
        double[] factors = ((DynamicCustomOp) node.function()).tArgs();
        node.require(flags[2] == 0, "a transposed result");
        node.require(factors.length == 0 || factors[0] == 1 && (factors.length == 1 || factors[1] == 0), "factors alpha and beta");
        int rank = flags[0] == 0 && flags[1] == 0 ? 0 : node.rank();
        if (rank == 2) {
            emit(node, out, "Gemm", node.inputs(), Attributes.integer("transA", flags[0]), Attributes.integer("transB", flags[1]));
        } else {
            String left = flags[0] == 0 ? node.inputs().get(0) : transposed(node.inputs().get(0), rank, out);
            String right = flags[1] == 0 ? node.inputs().get(1) : transposed(node.inputs().get(1), rank, out);
            emit(node, out, "MatMul", List.of(left, right));
        }
    }

    private static String transposed(String name, int rank, OnnxGraph out) {
        long[] order = LongStream.range(0, rank).toArray();
        order[rank - 2] = rank - 1;
        order[rank - 1] = rank - 2;
        String result = out.unique(name + "/transposed");
        out.node("Transpose", List.of(name), List.of(result), Attributes.integers("perm", order));
        return result;
    }

    private static void gather(Node node, OnnxGraph out) {
        inputs(node, 2);
        long[] axis = node.integers();
        emit(node, out, "Gather", node.inputs(), Attributes.integer("axis", axis.length == 0 ? 0 : axis[0]));
    }

    private static void reshape(Node node, OnnxGraph out) {
        long[] arguments = node.integers();
        boolean ordered = arguments.length > 0 && (arguments[0] == Reshape.C_ORDER || arguments[0] == Reshape.F_ORDER);
        node.require(!ordered || arguments[0] == Reshape.C_ORDER, "column-major order");
        long[] extents = ordered ? Arrays.copyOfRange(arguments, 1, arguments.length) : arguments;
        String shape = node.inputs().size() == 2 ? node.inputs().get(1) : out.integers(extents);
        emit(node, out, "Reshape", List.of(node.input(), shape));
    }

    private static void permute(Node node, OnnxGraph out) {
        inputs(node, 1);
        emit(node, out, "Transpose", node.inputs(), Attributes.integers("perm", node.integers()));
    }

    private static void expandDims(Node node, OnnxGraph out) {
        inputs(node, 1);
        emit(node, out, "Unsqueeze", List.of(node.input(), out.integers(node.integers()[0])));
    }

    private static void concat(Node node, OnnxGraph out) {
        node.require(node.integers().length == 1, "an axis that is computed");
        emit(node, out, "Concat", node.inputs(), Attributes.integer("axis", node.integers()[0]));
    }

    private static void split(Node node, OnnxGraph out) {
        inputs(node, 1);
        emit(node, out, "Split", node.inputs(), Attributes.integer("axis", node.integers().length == 1 ? 0 : node.integers()[1]));
    }

    private static void inputs(Node node, int expected) {
        node.require(node.inputs().size() == expected, node.inputs().size() + " inputs instead of " + expected);
    }

    private static void emit(Node node, OnnxGraph out, String operator, List<String> inputs, AttributeProto... attributes) {
        out.node(operator, inputs, node.outputs(), attributes);
    }
}

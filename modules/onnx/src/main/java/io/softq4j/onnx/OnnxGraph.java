package io.softq4j.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.GraphProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.TensorShapeProto;
import onnx.Onnx.TypeProto;
import onnx.Onnx.ValueInfoProto;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** An ONNX graph being written: nodes in order, names that are unique, constants that are stored once. */
final class OnnxGraph {

    private final GraphProto.Builder graph;
    private final Map<String, Weight> weights = new LinkedHashMap<>();
    private final Map<String, String> constants = new HashMap<>();
    private final Set<String> names = new HashSet<>();

    OnnxGraph(String name) {
        graph = GraphProto.newBuilder().setName(name);
    }

    /** {@code name}, or {@code name_1}, {@code name_2}, ... where it is taken; the result is taken from now on. */
    String unique(String name) {
        String candidate = name;
        for (int i = 1; !names.add(candidate); i++) {
            candidate = name + "_" + i;
        }
        return candidate;
    }

    /** Declares an input; an extent is a number or the name of an open dimension. */
    void input(String name, TensorProto.DataType type, String... extents) {
        graph.addInput(value(name, type, extents));
    }

    /** Declares an output. */
    void output(String name, TensorProto.DataType type, String... extents) {
        graph.addOutput(value(name, type, extents));
    }

    /** Adds a node, called after its first output. */
    void node(String operator, List<String> inputs, List<String> outputs, AttributeProto... attributes) {
        graph.addNode(NodeProto.newBuilder().setName(outputs.get(0)).setOpType(operator).addAllInput(inputs).addAllOutput(outputs)
                .addAllAttribute(Arrays.asList(attributes)));
    }

    /** Stores a tensor under a name that {@link #unique} gave. */
    void weight(String name, INDArray values) {
        weights.put(name, Weight.of(name, values));
    }

    /** Name of a constant int64 vector. */
    String integers(long... values) {
        return constant("ints_" + String.join("_", Arrays.stream(values).mapToObj(Long::toString).toList()), Nd4j.createFromArray(values));
    }

    /** Name of a constant scalar; an integer type becomes int64. */
    String scalar(double value, DataType type) {
        return constant("scalar_" + type.name().toLowerCase(Locale.ROOT) + "_" + value, Nd4j.scalar(type, value));
    }

    private String constant(String name, INDArray values) {
        return constants.computeIfAbsent(name, n -> {
            String unique = unique(n);
            weight(unique, values);
            return unique;
        });
    }

    /** Nodes, inputs and outputs; the tensors are added when it is known where they go. */
    GraphProto.Builder builder() {
        return graph;
    }

    /** The tensors in the order of their first use. */
    List<Weight> weights() {
        return new ArrayList<>(weights.values());
    }

    private static ValueInfoProto value(String name, TensorProto.DataType type, String... extents) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        for (String extent : extents) {
            TensorShapeProto.Dimension.Builder dimension = TensorShapeProto.Dimension.newBuilder();
            if (Character.isDigit(extent.charAt(0))) {
                dimension.setDimValue(Long.parseLong(extent));
            } else {
                dimension.setDimParam(extent);
            }
            shape.addDim(dimension);
        }
        return ValueInfoProto.newBuilder().setName(name)
                .setType(TypeProto.newBuilder().setTensorType(TypeProto.Tensor.newBuilder().setElemType(type.getNumber()).setShape(shape)))
                .build();
    }
}

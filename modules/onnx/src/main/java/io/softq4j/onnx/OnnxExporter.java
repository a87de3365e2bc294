package io.softq4j.onnx;

import io.softq4j.common.UserError;
import io.softq4j.graph.Plan;
import io.softq4j.model.ModelGraph;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import onnx.Onnx.ModelProto;
import onnx.Onnx.OperatorSetIdProto;
import onnx.Onnx.StringStringEntryProto;
import onnx.Onnx.TensorProto;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Writes a model graph as ONNX (opset 17, IR 8): the ops the logits need, in the graph's order, each by its {@link Translations translation}.
 *
 * <p>Inputs {@code input_ids}, {@code attention_mask}, {@code position_ids}: int64 {@code [batch, sequence]}, as far as the model reads them; output
 * {@code logits}: float32 {@code [batch, sequence, V]}. Initializers keep the names of the parameters.
 */
final class OnnxExporter {

    static final String LOGITS = "logits";

    private static final int OPSET = 17;
    private static final int IR_VERSION = 8;
    private static final List<String> INPUTS = List.of(ModelGraph.INPUT_IDS, ModelGraph.ATTENTION_MASK, ModelGraph.POSITION_IDS);

    private final ModelGraph model;
    private final SameDiff source;
    private final OnnxGraph out;
    /** ONNX names of SameDiff's variables. */
    private final Map<String, String> names = new HashMap<>();
    private Map<String, Integer> ranks;

    private OnnxExporter(ModelGraph model, String name) {
        this.model = model;
        this.source = model.graph();
        this.out = new OnnxGraph(name);
    }

    /**
     * Writes {@code model.onnx}, and {@code model.onnx_data} where the weights exceed the threshold.
     *
     * @param model     a graph of standard ops in float32, with the weights to export
     * @param directory an existing directory
     * @throws UserError if the graph is not float32, holds a kernel, or an op without a translation
     */
    static void export(ModelGraph model, Path directory, OnnxOptions options) throws IOException {
        if (model.type() != DataType.FLOAT) {
            throw new UserError("cannot export a model of type " + model.type() + " to ONNX: build it in FLOAT (float32)");
        }
        OnnxExporter exporter = new OnnxExporter(model, options.family());
        exporter.translate();
        ModelProto.Builder proto = ModelProto.newBuilder().setIrVersion(IR_VERSION).setProducerName("softq4j")
                .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(OPSET))
                .setGraph(exporter.out.builder())
                .addMetadataProps(metadata("model_type", options.family()))
                .addMetadataProps(metadata("vocab_size", Integer.toString(model.vocabulary())))
                .addMetadataProps(metadata("max_length", Integer.toString(options.maxLength())));
        OnnxFiles.write(proto, exporter.out.weights(), directory, options.externalDataAbove());
    }

    private static StringStringEntryProto metadata(String key, String value) {
        return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
    }

    private void translate() {
        INPUTS.forEach(out::unique);
        out.unique(LOGITS);
        List<SameDiffOp> ops = required();
        declareInputs(ops);
        for (SameDiffOp op : ops) {
            List<String> inputs = op.getInputsToOp().stream().map(this::named).toList();
            List<String> outputs = op.getOutputsOfOp().stream().map(this::define).toList();
            Translations.translate(new Node(source, op, inputs, outputs, this::rank), out);
        }
        String flat = named(model.logits().name()); // [N, V]
        String shape = out.unique("logits_shape");
        String extents = out.unique("batch_and_sequence");
        out.node("Shape", List.of(ModelGraph.INPUT_IDS), List.of(extents));
        out.node("Concat", List.of(extents, out.integers(model.vocabulary())), List.of(shape), Attributes.integer("axis", 0));
        out.node("Reshape", List.of(flat, shape), List.of(LOGITS));
        out.output(LOGITS, TensorProto.DataType.FLOAT, "batch", "sequence", Integer.toString(model.vocabulary()));
    }

    /** Ops the logits depend on, in the graph's order, which is topological. */
    private List<SameDiffOp> required() {
        List<SameDiffOp> all = new ArrayList<>(source.getOps().values());
        Set<String> needed = new HashSet<>(List.of(model.logits().name()));
        Deque<SameDiffOp> kept = new ArrayDeque<>();
        for (int i = all.size() - 1; i >= 0; i--) {
            SameDiffOp op = all.get(i);
            if (op.getOutputsOfOp().stream().anyMatch(needed::contains)) {
                needed.addAll(op.getInputsToOp());
                kept.addFirst(op);
            }
        }
        return List.copyOf(kept);
    }

    private void declareInputs(List<SameDiffOp> ops) {
        Set<String> read = new HashSet<>(List.of(ModelGraph.INPUT_IDS)); // it gives the logits their shape in any case
        for (SameDiffOp op : ops) {
            for (String name : op.getInputsToOp()) {
                if (source.getVariable(name).isPlaceHolder() && read.add(name) && !INPUTS.contains(name)) {
                    throw new UserError("cannot export to ONNX: the logits depend on the placeholder '" + name + "', "
                            + "but a language model reads only " + INPUTS);
                }
            }
        }
        for (String name : INPUTS) {
            if (read.contains(name)) {
                names.put(name, name);
                out.input(name, TensorProto.DataType.INT64, "batch", "sequence");
            }
        }
    }

    /** ONNX name of a variable that is read; a parameter or constant is stored at its first use. */
    private String named(String variable) {
        String known = names.get(variable);
        if (known != null) {
            return known;
        }
        String name = define(variable);
        out.weight(name, source.getVariable(variable).getArr());
        return name;
    }

    private String define(String variable) {
        String name = out.unique(variable);
        names.put(variable, name);
        return name;
    }

    /** Rank of any variable: SameDiff does not keep it, but planning the graph for one short row finds it without running anything. */
    private int rank(String variable) {
        if (ranks == null) {
            ranks = new LinkedHashMap<>();
            Map<String, long[]> shapes = new HashMap<>();
            INPUTS.forEach(name -> shapes.put(name, new long[] {1, 2}));
            List<String> computed = required().stream().flatMap(op -> op.getOutputsOfOp().stream()).toList();
            try (Plan plan = Plan.compile(source, shapes, computed)) {
                computed.forEach(name -> ranks.put(name, plan.output(name).rank()));
            }
        }
        Integer rank = ranks.get(variable);
        return rank == null ? source.getVariable(variable).getShape().length : rank;
    }
}

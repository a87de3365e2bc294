package io.softq4j.onnx;

import io.softq4j.common.UserError;
import io.softq4j.model.ModelGraph;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import onnx.Onnx.ModelProto;
import onnx.Onnx.OperatorSetIdProto;
import onnx.Onnx.StringStringEntryProto;
import onnx.Onnx.TensorProto;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Writes a model graph as ONNX (opset 17, IR 8): the ops the logits need, in the graph's order, each by its
 * {@link Translations translation}.
 *
 * <p>Inputs {@code input_ids}, {@code attention_mask}, {@code position_ids}: int64 {@code [batch, sequence]}, as far as the model reads
 * them; output {@code logits}: float32 {@code [batch, sequence, V]}. Initializers keep the names of the parameters.
 */
final class OnnxExporter {

    static final String LOGITS = "logits";

    static final int OPSET = 17;
    static final int IR_VERSION = 8;
    private static final List<String> INPUTS = List.of(ModelGraph.INPUT_IDS, ModelGraph.ATTENTION_MASK, ModelGraph.POSITION_IDS);

    private final ModelGraph model;
    private final OnnxGraph out;
    private final GraphTranslation translation;

    private OnnxExporter(ModelGraph model, String name) {
        this.model = model;
        this.out = new OnnxGraph(name);
        Map<String, long[]> shapes = new HashMap<>();
        INPUTS.forEach(input -> shapes.put(input, new long[] {1, 2}));
        this.translation = new GraphTranslation(model.graph(), out, List.of(model.logits().name()), shapes);
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
        declareInputs();
        translation.write();
        String flat = translation.named(model.logits().name()); // [N, V]
        String shape = out.unique("logits_shape");
        String extents = out.unique("batch_and_sequence");
        out.node("Shape", List.of(ModelGraph.INPUT_IDS), List.of(extents));
        out.node("Concat", List.of(extents, out.integers(model.vocabulary())), List.of(shape), Attributes.integer("axis", 0));
        out.node("Reshape", List.of(flat, shape), List.of(LOGITS));
        out.output(LOGITS, TensorProto.DataType.FLOAT, "batch", "sequence", Integer.toString(model.vocabulary()));
    }

    private void declareInputs() {
        Set<String> read = translation.placeholders();
        read.stream().filter(name -> !INPUTS.contains(name)).findFirst().ifPresent(name -> {
            throw new UserError("cannot export to ONNX: the logits depend on the placeholder '" + name + "', "
                    + "but a language model reads only " + INPUTS);
        });
        read.add(ModelGraph.INPUT_IDS); // it gives the logits their shape in any case
        for (String name : INPUTS) {
            if (read.contains(name)) {
                translation.bind(name, name);
                out.input(name, TensorProto.DataType.INT64, "batch", "sequence");
            }
        }
    }
}

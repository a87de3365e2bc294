package io.softq4j.onnx;

import io.softq4j.model.DecoderGraph;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import onnx.Onnx.ModelProto;
import onnx.Onnx.OperatorSetIdProto;
import onnx.Onnx.TensorProto;

/**
 * Writes the graph of one decoding step as ONNX. Inputs: {@code tokens} and {@code positions}, int64 {@code [batch]}; {@code mask}
 * {@code [batch, 1, 1, capacity]}; for cache i of {@link DecoderGraph#caches} {@code past.i} {@code [batch, H, capacity, K]}. Outputs:
 * {@code logits} {@code [batch, V]} and {@code present.i} {@code [batch, H, 1, K]}. The caller keeps the caches.
 */
public final class OnnxDecoder {

    private OnnxDecoder() {
    }

    /**
     * Writes {@code model.onnx}.
     *
     * @param decoder   of standard ops in float32
     * @param directory an existing directory without it
     */
    public static void write(DecoderGraph decoder, Path directory) throws IOException {
        OnnxGraph out = new OnnxGraph("decoder");
        Map<String, long[]> shapes = new LinkedHashMap<>();
        shapes.put(DecoderGraph.TOKENS, new long[] {2});
        shapes.put(DecoderGraph.POSITIONS, new long[] {2});
        shapes.put(DecoderGraph.MASK, new long[] {2, 1, 1, 3});
        List<String> values = new ArrayList<>(List.of(decoder.logits()));
        for (DecoderGraph.Cache cache : decoder.caches()) {
            shapes.put(cache.past(), new long[] {2, decoder.heads(), 3, decoder.width()});
            values.add(cache.present());
        }
        GraphTranslation translation = new GraphTranslation(decoder.graph(), out, values, shapes);
        String heads = Integer.toString(decoder.heads());
        String width = Integer.toString(decoder.width());
        for (String name : List.of(DecoderGraph.TOKENS, DecoderGraph.POSITIONS)) {
            translation.bind(name, out.unique(name));
            out.input(name, TensorProto.DataType.INT64, "batch");
        }
        translation.bind(DecoderGraph.MASK, out.unique(DecoderGraph.MASK));
        out.input(DecoderGraph.MASK, TensorProto.DataType.FLOAT, "batch", "1", "1", "capacity");
        translation.bind(decoder.logits(), out.unique(OnnxExporter.LOGITS));
        out.output(OnnxExporter.LOGITS, TensorProto.DataType.FLOAT, "batch", "vocabulary");
        for (int i = 0; i < decoder.caches().size(); i++) {
            String past = out.unique("past." + i);
            String present = out.unique("present." + i);
            translation.bind(decoder.caches().get(i).past(), past);
            translation.bind(decoder.caches().get(i).present(), present);
            out.input(past, TensorProto.DataType.FLOAT, "batch", heads, "capacity", width);
            out.output(present, TensorProto.DataType.FLOAT, "batch", heads, "1", width);
        }
        translation.write();
        ModelProto.Builder proto = ModelProto.newBuilder().setIrVersion(OnnxExporter.IR_VERSION).setProducerName("softq4j")
                .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(OnnxExporter.OPSET)).setGraph(out.builder());
        OnnxFiles.write(proto, out.weights(), directory, OnnxOptions.LARGEST_INLINE);
    }
}

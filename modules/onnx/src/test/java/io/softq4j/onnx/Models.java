package io.softq4j.onnx;

import io.softq4j.common.AtomicFiles;
import io.softq4j.graph.Lowering;
import io.softq4j.graph.Ops;
import io.softq4j.model.Gpt2;
import io.softq4j.model.Gpt2Config;
import io.softq4j.model.ModelGraph;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiFunction;
import onnx.Onnx.ModelProto;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/** Small models for these tests. Weights depend on the seed alone, so that two lowerings of one configuration have the same. */
final class Models {

    static final OnnxOptions OPTIONS = OnnxOptions.of("gpt2", 24);

    private Models() {
    }

    /** Vocabulary 61, 24 positions; weights ten times as wide as usual, so that logits are of the size a trained model has. */
    static ModelGraph gpt2(int layers, int heads, Lowering lowering) {
        return Gpt2.build(Gpt2Config.defaults().with(c -> c.vocabSize(61).nPositions(24).nEmbd(32).nLayer(layers).nHead(heads)
                .initializerRange(0.2)), 5, lowering,
                        DataType.FLOAT);
    }

    /**
     * A model whose logits {@code [N, 8]} are computed by {@code body} from the looked-up rows {@code [N, 8]} of a table of random normal
     * values.
     */
    static ModelGraph custom(Lowering lowering, BiFunction<Ops, SDVariable, SDVariable> body) {
        SameDiff graph = SameDiff.create();
        Ops ops = new Ops(graph, lowering);
        SDVariable table = graph.var("table", Nd4j.randn(Nd4j.getRandomFactory().getNewRandomInstance(3), 8, 8).castTo(DataType.FLOAT));
        SDVariable ids = graph.placeHolder(ModelGraph.INPUT_IDS, DataType.INT, -1, -1);
        SDVariable rows = ops.lookup(table, graph.reshape(ids, -1));
        return new ModelGraph(ops, DataType.FLOAT, 8, List.of("table"), body.apply(ops, rows));
    }

    /** Exports without the gate and reads the file back. */
    static ModelProto proto(ModelGraph model, Path directory) {
        AtomicFiles.writeDirectory(directory, staging -> OnnxExporter.export(model, staging, OPTIONS));
        return read(directory);
    }

    static ModelProto read(Path directory) {
        try (InputStream in = Files.newInputStream(directory.resolve("model.onnx"))) {
            return ModelProto.parseFrom(in);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}

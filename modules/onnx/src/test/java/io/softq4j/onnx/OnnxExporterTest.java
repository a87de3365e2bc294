package io.softq4j.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.common.UserError;
import io.softq4j.graph.Lowering;
import io.softq4j.model.Gpt2;
import io.softq4j.model.Gpt2Config;
import io.softq4j.model.ModelGraph;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.ValueInfoProto;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

class OnnxExporterTest {

    @TempDir
    private Path temporary;

    @Test
    void batchAndSequenceAreOpen() {
        ModelGraph model = Models.gpt2(2, 4, Lowering.STANDARD);
        GraphProto graph = Models.proto(model, temporary.resolve("onnx")).getGraph();
        assertEquals(List.of("input_ids [batch, sequence]", "attention_mask [batch, sequence]", "position_ids [batch, sequence]"),
                graph.getInputList().stream().map(OnnxExporterTest::describe).toList());
        assertEquals(List.of("logits [batch, sequence, 61]"), graph.getOutputList().stream().map(OnnxExporterTest::describe).toList());
        try (OnnxScorer onnx = new OnnxScorer(temporary.resolve("onnx/model.onnx")); PlanScorer plan = new PlanScorer(model)) {
            for (int[] shape : new int[][] {{1, 1}, {5, 1}, {2, 5}, {1, 24}, {7, 13}}) {
                TokenBatch batch = TokenBatch.plain(shape[0], shape[1], new TokenText(new int[0], 61), 9);
                float[] expected = plan.logits(batch);
                float[] actual = onnx.logits(batch);
                assertEquals(shape[0] * shape[1] * 61, actual.length);
                for (int i = 0; i < actual.length; i++) {
                    assertEquals(expected[i], actual[i], 1e-4, Arrays.toString(shape));
                }
            }
        }
    }

    @Test
    void everyInputIsDefinedEarlierAndNoTensorOrNodeIsUnused() {
        GraphProto graph = Models.proto(Models.gpt2(3, 4, Lowering.STANDARD), temporary.resolve("onnx")).getGraph();
        Set<String> defined = new HashSet<>();
        Set<String> used = new HashSet<>();
        for (ValueInfoProto input : graph.getInputList()) {
            assertTrue(defined.add(input.getName()));
        }
        for (TensorProto tensor : graph.getInitializerList()) {
            assertTrue(defined.add(tensor.getName()), tensor.getName());
        }
        Set<String> nodes = new HashSet<>();
        for (NodeProto node : graph.getNodeList()) {
            assertTrue(nodes.add(node.getName()), node.getName());
            for (String input : node.getInputList()) {
                assertTrue(defined.contains(input), node.getName() + " reads " + input + " before it is defined");
                used.add(input);
            }
            for (String output : node.getOutputList()) {
                assertTrue(defined.add(output), output + " is defined twice");
            }
        }
        used.add("logits");
        assertEquals(Set.of(), defined.stream().filter(name -> !used.contains(name)).collect(Collectors.toSet()));
    }

    @Test
    void initializersAreTheParametersByNameAndTheTiedOneIsStoredOnce() {
        ModelGraph model = Models.gpt2(2, 4, Lowering.STANDARD);
        GraphProto graph = Models.proto(model, temporary.resolve("onnx")).getGraph();
        Map<String, TensorProto> tensors = graph.getInitializerList().stream().collect(Collectors.toMap(TensorProto::getName, t -> t));
        for (String name : model.parameters()) {
            TensorProto tensor = tensors.get(name);
            var values = model.graph().getVariable(name).getArr();
            assertEquals(Arrays.stream(values.shape()).boxed().toList(), tensor.getDimsList(), name);
            assertArrayEquals(values.dup().data().asFloat(), floats(tensor), name);
        }
        long elements = model.parameters().stream().mapToLong(name -> model.graph().getVariable(name).getArr().length()).sum();
        long floats = graph.getInitializerList().stream().filter(t -> t.getDataType() == TensorProto.DataType.FLOAT_VALUE
                && t.getDimsCount() > 0)
                .mapToLong(t -> t.getRawData().size() / 4).sum();
        assertEquals(elements, floats);
        assertEquals(List.of("Gather", "Gemm"),
                graph.getNodeList().stream().filter(n -> n.getInputList().contains("transformer.wte.weight")).map(NodeProto::getOpType)
                .toList());
        assertTrue(tensors.values().stream().noneMatch(t -> t.getDataType() == TensorProto.DataType.INT32_VALUE));
    }

    @Test
    void theFileSaysWhatItIs() {
        ModelProto proto = Models.proto(Models.gpt2(1, 4, Lowering.STANDARD), temporary.resolve("onnx"));
        assertEquals("softq4j", proto.getProducerName());
        assertEquals(8, proto.getIrVersion());
        assertEquals(17, proto.getOpsetImport(0).getVersion());
        assertEquals(List.of("model_type=gpt2", "vocab_size=61", "max_length=24"),
                proto.getMetadataPropsList().stream().map(p -> p.getKey() + "=" + p.getValue()).toList());
    }

    @Test
    void weightsAboveTheThresholdGoToAnAlignedDataFile() throws Exception {
        ModelGraph standard = Models.gpt2(2, 4, Lowering.STANDARD);
        Path directory = temporary.resolve("onnx");
        OnnxOptions options = new OnnxOptions("gpt2", 24, 10_000, OnnxOptions.DEFAULT_TOLERANCE, new int[0]);
        assertTrue(OnnxExport.export(standard, Models.gpt2(2, 4, Lowering.FUSED), directory, options).passed());
        byte[] data = Files.readAllBytes(directory.resolve("model.onnx_data"));
        List<String> external = new ArrayList<>();
        long end = 0;
        for (TensorProto tensor : Models.read(directory).getGraph().getInitializerList()) {
            if (tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL) {
                assertTrue(tensor.getRawData().isEmpty());
                Map<String, String> where = tensor.getExternalDataList().stream().collect(Collectors.toMap(e -> e.getKey(),
                        e -> e.getValue()));
                assertEquals("model.onnx_data", where.get("location"));
                int offset = Integer.parseInt(where.get("offset"));
                assertEquals(0, offset % 4096, tensor.getName());
                assertTrue(offset >= end, tensor.getName() + " overlaps the one before");
                end = offset + Integer.parseInt(where.get("length"));
                float first = java.nio.ByteBuffer.wrap(data, offset, 4).order(java.nio.ByteOrder.LITTLE_ENDIAN).getFloat();
                assertEquals(standard.graph().getVariable(tensor.getName()).getArr().ravel().getFloat(0), first, tensor.getName());
                external.add(tensor.getName());
            } else {
                assertTrue(tensor.getRawData().size() < 1024, tensor.getName());
            }
        }
        assertEquals(data.length, end);
        assertTrue(external.contains("transformer.wte.weight") && external.contains("transformer.h.1.mlp.c_proj.weight"),
                external.toString());
        assertTrue(Files.size(directory.resolve("model.onnx")) < 40_000);
    }

    @Test
    void anOpWithoutTranslationIsNamed() {
        ModelGraph model = Models.custom(Lowering.STANDARD, (ops, rows) -> ops.graph().math().cosh("odd", rows));
        UserError error = assertThrows(UserError.class, () -> Models.proto(model, temporary.resolve("onnx")));
        assertTrue(error.getMessage().startsWith("cannot export op 'cosh' that computes 'odd' to ONNX: there is no translation for it, "
                + "only for [add, add_scalar, "), error.getMessage());
        assertFalse(Files.exists(temporary.resolve("onnx")));
    }

    @Test
    void aKernelIsRefusedWithTheWayOut() {
        UserError error = assertThrows(UserError.class, () -> Models.proto(Models.gpt2(1, 4, Lowering.FUSED), temporary.resolve("onnx")));
        assertTrue(error.getMessage().startsWith("cannot export op 'softq4j.Embedding' that computes '"), error.getMessage());
        assertTrue(error.getMessage().endsWith("it is a kernel that runs in this JVM only. Build the model with Lowering.STANDARD, "
                + "give it the same weights and export that"), error.getMessage());
    }

    @Test
    void anOpInAFormTheTranslationDoesNotKnowIsRefused() {
        ModelGraph model = Models.custom(Lowering.STANDARD, (ops, rows) -> {
            SDVariable weight = ops.graph().var("w", Nd4j.ones(DataType.FLOAT, 8, 8));
            return ops.graph().mmul("odd", weight, rows, false, true, true);
        });
        UserError error = assertThrows(UserError.class, () -> Models.proto(model, temporary.resolve("onnx")));
        assertEquals("cannot export op 'matmul' that computes 'odd' to ONNX: its translation does not know a transposed result. "
                + "Write the model with the words of io.softq4j.graph.Ops, or extend io.softq4j.onnx.Translations", error.getMessage());
    }

    @Test
    void onlyFloat32ModelsAreExported() {
        ModelGraph model = Gpt2.build(Gpt2Config.defaults().with(c -> c.vocabSize(11).nPositions(8).nEmbd(8).nLayer(1).nHead(2)), 1,
                Lowering.STANDARD, DataType.DOUBLE);
        UserError error = assertThrows(UserError.class, () -> Models.proto(model, temporary.resolve("onnx")));
        assertEquals("cannot export a model of type DOUBLE to ONNX: build it in FLOAT (float32)", error.getMessage());
    }

    @Test
    void aPlaceholderNoClientFeedsIsRefused() {
        ModelGraph model = Models.custom(Lowering.STANDARD, (ops, rows) -> rows.mul(ops.graph().placeHolder("dropout", DataType.FLOAT, -1,
                8)));
        UserError error = assertThrows(UserError.class, () -> Models.proto(model, temporary.resolve("onnx")));
        assertEquals("cannot export to ONNX: the logits depend on the placeholder 'dropout', but a language model reads only "
                + "[input_ids, attention_mask, position_ids]", error.getMessage());
    }

    @Test
    void aVariableCalledLikeTheOutputIsRenamed() {
        ModelGraph model = Models.custom(Lowering.STANDARD, (ops, rows) -> rows.mul("logits", ops.graph().constant("w", 2f)));
        OnnxExport.export(model, model, temporary.resolve("onnx"), Models.OPTIONS);
        List<NodeProto> nodes = Models.read(temporary.resolve("onnx")).getGraph().getNodeList();
        assertNotEquals("Mul", nodes.get(nodes.size() - 1).getOpType());
        assertEquals("logits", nodes.get(nodes.size() - 1).getOutput(0));
    }

    private static float[] floats(TensorProto tensor) {
        float[] values = new float[tensor.getRawData().size() / 4];
        tensor.getRawData().asReadOnlyByteBuffer().order(java.nio.ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
        return values;
    }

    private static String describe(ValueInfoProto value) {
        int type = value.getType().getTensorType().getElemType();
        assertEquals(value.getName().equals("logits") ? TensorProto.DataType.FLOAT_VALUE : TensorProto.DataType.INT64_VALUE, type);
        return value.getName() + " " + value.getType().getTensorType().getShape().getDimList().stream()
                .map(d -> d.hasDimParam() ? d.getDimParam() : Long.toString(d.getDimValue())).toList();
    }
}

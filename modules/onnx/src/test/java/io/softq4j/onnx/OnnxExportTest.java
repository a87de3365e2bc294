package io.softq4j.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.softq4j.common.UserError;
import io.softq4j.graph.Lowering;
import io.softq4j.model.ModelGraph;
import io.softq4j.model.Tabular;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

class OnnxExportTest {

    @TempDir
    private Path temporary;

    @ParameterizedTest
    @CsvSource({"1,1", "1,4", "3,2", "3,8"})
    void exportedModelComputesWhatTheFusedGraphComputes(int layers, int heads) {
        ParityReport report = OnnxExport.export(Models.gpt2(layers, heads, Lowering.STANDARD), Models.gpt2(layers, heads, Lowering.FUSED),
                temporary.resolve("onnx"), Models.OPTIONS);
        assertTrue(report.passed());
        assertTrue(report.maxDifference() > 0 && report.maxDifference() < 5e-5, "was " + report.maxDifference());
        assertEquals(2, report.cases().size());
        assertEquals("1x7", report.cases().get(0).batch());
        assertEquals(List.of(4, 4), report.greedy().expected().stream().map(List::size).toList());
        assertTrue(Files.exists(temporary.resolve("onnx/model.onnx")));
        assertFalse(Files.exists(temporary.resolve("onnx/model.onnx_data")));
    }

    @Test
    void aModelThatReadsNeitherMaskNorPositionsDeclaresNeither() {
        ModelGraph standard = Tabular.build(9, 5, Lowering.STANDARD, DataType.FLOAT);
        standard.graph().getVariable(Tabular.TABLE).getArr().putScalar(4, 3, 2.5f);
        ModelGraph other = Tabular.build(9, 5, Lowering.FUSED, DataType.FLOAT);
        assertThrows(ParityFailure.class, () -> OnnxExport.export(standard, other, temporary.resolve("a"), OnnxOptions.of("tabular", 16)));
        // ids are drawn below the number of actions, so a table of 9 states is read in its first 5 rows
        OnnxExport.export(standard, standard, temporary.resolve("onnx"), OnnxOptions.of("tabular", 16));
        assertEquals(List.of("input_ids"), Models.read(temporary.resolve("onnx")).getGraph().getInputList().stream().map(i -> i.getName())
                .toList());
    }

    @Test
    void theShortestPossibleModelIsCheckedToo() {
        ParityReport report = OnnxExport.export(Models.gpt2(1, 2, Lowering.STANDARD), Models.gpt2(1, 2, Lowering.FUSED),
                temporary.resolve("onnx"),
                OnnxOptions.of("gpt2", 2));
        assertEquals("1x1", report.cases().get(0).batch());
        assertEquals(List.of(1, 1), report.greedy().expected().stream().map(List::size).toList());
    }

    @Test
    void aPerturbedWeightFailsTheGateAndLeavesTheEarlierExport() throws Exception {
        Path directory = temporary.resolve("onnx");
        ModelGraph standard = Models.gpt2(3, 2, Lowering.STANDARD);
        ModelGraph fused = Models.gpt2(3, 2, Lowering.FUSED);
        OnnxExport.export(standard, fused, directory, Models.OPTIONS);
        byte[] before = Files.readAllBytes(directory.resolve("model.onnx"));

        INDArray bias = standard.graph().getVariable("transformer.h.1.mlp.c_fc.bias").getArr();
        bias.putScalar(3, bias.getFloat(3) + 0.02f);
        ParityFailure failure = assertThrows(ParityFailure.class, () -> OnnxExport.export(standard, fused, directory, Models.OPTIONS));
        assertFalse(failure.report().passed());
        assertTrue(failure.report().maxDifference() > failure.report().tolerance());
        assertEquals(List.of("transformer.h.1.mlp.c_fc.bias"), failure.report().wrongWeights());
        assertTrue(failure.getMessage().startsWith("ONNX parity failed, so no model was written: in onnxruntime 1."), failure.getMessage());
        assertTrue(failure.getMessage().contains("1 of its tensors are not the trained ones, transformer.h.1.mlp.c_fc.bias first. batch "
                + "1x7: largest "
                + "difference of a logit 0.0"), failure.getMessage());
        assertTrue(failure.getMessage().contains("; allowed are a difference of "), failure.getMessage());

        assertArrayEquals(before, Files.readAllBytes(directory.resolve("model.onnx")));
        assertThrows(ParityFailure.class, () -> OnnxExport.export(standard, fused, temporary.resolve("new"), Models.OPTIONS));
        assertEquals(List.of("onnx"), names(temporary));
    }

    @Test
    void notANumberFailsTheGate() {
        ModelGraph standard = Models.gpt2(1, 2, Lowering.STANDARD);
        standard.graph().getVariable("transformer.ln_f.bias").getArr().putScalar(0, Float.NaN);
        ParityFailure failure = assertThrows(ParityFailure.class,
                () -> OnnxExport.export(standard, standard, temporary.resolve("onnx"), Models.OPTIONS));
        assertTrue(Double.isNaN(failure.report().maxDifference()));
    }

    @Test
    void parityIsWrittenBesideTheModel() throws Exception {
        ParityReport report = OnnxExport.export(Models.gpt2(1, 2, Lowering.STANDARD), Models.gpt2(1, 2, Lowering.FUSED), temporary,
                Models.OPTIONS);
        assertEquals(List.of("manifest.json", "model.onnx", "parity.json"), names(temporary));
        JsonNode json = new ObjectMapper().readTree(temporary.resolve("parity.json").toFile());
        assertTrue(json.get("passed").booleanValue());
        assertEquals(report.tolerance(), json.get("tolerance").doubleValue());
        assertEquals(16 * report.noise(), report.tolerance(), "logits are of the size that noise says more than the last bit of the "
                + "largest");
        assertEquals(report.maxDifference(), json.get("maxDifference").doubleValue());
        assertEquals("4x16 (whole, padded right, padded left, packed)", json.get("cases").get(1).get("batch").textValue());
        assertEquals(report.greedy().expected().get(0).get(0), json.get("greedy").get("expected").get(0).get(0).intValue());
    }

    @Test
    void twoExportsAreTheSameBytes() throws Exception {
        for (String name : List.of("a", "b")) {
            OnnxExport.export(Models.gpt2(1, 2, Lowering.STANDARD), Models.gpt2(1, 2, Lowering.FUSED), temporary.resolve(name),
                    Models.OPTIONS);
        }
        for (String file : List.of("model.onnx", "parity.json")) {
            assertEquals(-1, Files.mismatch(temporary.resolve("a").resolve(file), temporary.resolve("b").resolve(file)), file);
        }
    }

    @Test
    void aDirectoryWithOtherFilesIsNotReplaced() throws Exception {
        Files.writeString(temporary.resolve("thesis.tex"), "years of work");
        ModelGraph model = Models.gpt2(1, 2, Lowering.STANDARD);
        UserError error = assertThrows(UserError.class, () -> OnnxExport.export(model, model, temporary, Models.OPTIONS));
        assertEquals(temporary + " would be replaced, but it is not empty and holds no export by softq (model.onnx, parity.json, "
                + "manifest.json). Choose another output "
                + "path, move it away, or give --force to replace it.", error.getMessage());
        assertEquals(List.of("thesis.tex"), names(temporary));
    }

    @Test
    void aFileInTheWayIsNamed() throws Exception {
        Path file = Files.writeString(temporary.resolve("model.onnx"), "x");
        ModelGraph model = Models.gpt2(1, 2, Lowering.STANDARD);
        UserError error = assertThrows(UserError.class, () -> OnnxExport.export(model, model, file, Models.OPTIONS));
        assertEquals(file + " is a file, and a directory is to be written. Choose another directory.", error.getMessage());
    }

    @Test
    void graphsOfDifferentModelsAreRefused() {
        ModelGraph one = Models.gpt2(1, 2, Lowering.STANDARD);
        ModelGraph three = Models.gpt2(3, 2, Lowering.FUSED);
        var error = assertThrows(IllegalArgumentException.class, () -> OnnxExport.export(one, three, temporary, Models.OPTIONS));
        assertTrue(error.getMessage().startsWith("the graph to export and the reference have different parameters: "), error.getMessage());
    }

    @Test
    void optionsOutOfRangeAreRefused() {
        assertEquals("external data threshold must be between 0 and 2000000000 bytes, was 3000000000: "
                        + "protobuf cannot hold a message of 2 GiB or more",
                assertThrows(UserError.class, () -> new OnnxOptions("gpt2", 24, 3_000_000_000L, 16, new int[0])).getMessage());
        assertEquals("parity tolerance must be a positive number, was 0.0",
                assertThrows(UserError.class, () -> new OnnxOptions("gpt2", 24, 0, 0, new int[0])).getMessage());
        assertEquals("the longest sequence must be at least 2, was 1", assertThrows(UserError.class, () -> OnnxOptions.of("gpt2", 1))
                .getMessage());
        assertEquals("the model family must not be empty", assertThrows(UserError.class, () -> OnnxOptions.of(" ", 8)).getMessage());
    }

    private static List<String> names(Path directory) throws Exception {
        try (var files = Files.list(directory)) {
            return files.map(f -> f.getFileName().toString()).sorted().toList();
        }
    }
}

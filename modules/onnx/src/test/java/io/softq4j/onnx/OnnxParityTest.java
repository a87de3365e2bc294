package io.softq4j.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.common.AtomicFiles;
import io.softq4j.common.UserError;
import io.softq4j.graph.Lowering;
import io.softq4j.model.ModelGraph;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxParityTest {

    private static final ParityReport.Greedy AGREE = new ParityReport.Greedy(List.of(List.of(1, 2)), List.of(List.of(1, 2)), true);

    @TempDir
    private Path temporary;

    @Test
    void everyCaseAndTheGreedyTextMustPass() {
        assertTrue(report(1e-4, AGREE).passed());
        assertFalse(report(1.01e-4, AGREE).passed());
        assertFalse(report(Double.NaN, AGREE).passed());
        assertFalse(report(Double.POSITIVE_INFINITY, AGREE).passed());
        assertFalse(report(0, new ParityReport.Greedy(List.of(List.of(1, 2)), List.of(List.of(1, 3)), false)).passed());
        assertFalse(report(List.of("wte"), new ParityReport.Case("4x16", 0, 0, 0, 0, 0, 4, 4), AGREE).passed(), "another weight");
        assertFalse(report(List.of(), new ParityReport.Case("4x16", 0, 0, 0, 0, 1.01e-8, 4, 4), AGREE).passed(), "KL");
        assertFalse(report(List.of(), new ParityReport.Case("4x16", 0, 0, 0, 0, Double.NaN, 4, 4), AGREE).passed(), "KL");
        assertFalse(report(List.of(), new ParityReport.Case("4x16", 0, 0, 0, 0, 0, 4, 3), AGREE).passed(), "argmax");
    }

    @Test
    void anErrorThatOnlyLongSequencesMeetIsFound() throws Exception {
        ModelGraph model = Models.gpt2(1, 2, Lowering.STANDARD);
        Path directory = temporary.resolve("onnx");
        AtomicFiles.writeDirectory(directory, staging -> OnnxExporter.export(model, staging, Models.OPTIONS));
        var positions = model.graph().getVariable("transformer.wpe.weight").getArr();
        positions.putScalar(15, 0, positions.getFloat(15, 0) + 1); // read by the long batch only
        ParityReport report = OnnxParity.check(directory.resolve("model.onnx"), model, Models.OPTIONS);
        assertTrue(report.cases().get(0).maxDifference() < report.tolerance());
        assertTrue(report.cases().get(1).maxDifference() > report.tolerance());
        assertEquals(15, report.cases().get(1).position());
        assertFalse(report.passed());
    }

    @Test
    void paddingIsPlacedOnBothSidesAndPositionsStartWhereTokensDo() {
        TokenBatch batch = TokenBatch.padded(8, new TokenText(new int[0], 50), 1);
        assertEquals("[1, 1, 1, 1, 1, 1, 0, 0]", java.util.Arrays.toString(batch.mask()[1]));
        assertEquals("[0, 1, 2, 3, 4, 5, 1, 1]", java.util.Arrays.toString(batch.positions()[1]));
        assertEquals("[0, 0, 1, 1, 1, 1, 1, 1]", java.util.Arrays.toString(batch.mask()[2]));
        assertEquals("[1, 1, 0, 1, 2, 3, 4, 5]", java.util.Arrays.toString(batch.positions()[2]));
        assertEquals("[1, 1, 1, 1, 2, 2, 2, 2]", java.util.Arrays.toString(batch.mask()[3]));
        assertEquals("[0, 1, 2, 3, 0, 1, 2, 3]", java.util.Arrays.toString(batch.positions()[3]));
    }

    @Test
    void aFileOnnxruntimeCannotReadIsNamed() throws Exception {
        Path file = Files.writeString(temporary.resolve("broken.onnx"), "not a model");
        UserError error = assertThrows(UserError.class, () -> OnnxParity.check(file, Models.gpt2(1, 2, Lowering.FUSED), Models.OPTIONS));
        assertTrue(error.getMessage().startsWith("onnxruntime 1.28.0 cannot load the exported model " + file + ": "), error.getMessage());
    }

    private static ParityReport report(double difference, ParityReport.Greedy greedy) {
        return report(List.of(), new ParityReport.Case("4x16", difference, 0, 0, 0, 1e-9, 4, 4), greedy);
    }

    private static ParityReport report(List<String> wrong, ParityReport.Case worst, ParityReport.Greedy greedy) {
        return new ParityReport("test", 1, 1e-5, 1e-4, 1e-8, wrong, List.of(new ParityReport.Case("1x7", 0, 0, 0, 0, 0, 7, 7), worst),
                greedy);
    }
}

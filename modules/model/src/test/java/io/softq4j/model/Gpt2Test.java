package io.softq4j.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.softq4j.graph.Lowering;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;

class Gpt2Test {

    private static final int[] IDS = {3, 1, 4, 1, 5, 9, 2, 6};

    @Test
    void logitsEqualTheReferenceForward() {
        LanguageModel model = Models.tiny();
        double[][] expected = new Gpt2Reference(Models.TINY, Models.weights(model)).logits(IDS);
        assertClose(expected, Models.logits(model.graph(), IDS, 0, 0), 2e-5);
        assertClose(expected, Models.logits(model.standardGraph(), IDS, 0, 0), 2e-5);
    }

    @Test
    void paddingOnEitherSideChangesNothing() {
        LanguageModel model = Models.tiny();
        double[][] plain = Models.logits(model.graph(), IDS, 0, 0);
        assertClose(plain, Models.logits(model.graph(), IDS, 0, 5), 1e-5);
        assertClose(plain, Models.logits(model.graph(), IDS, 4, 0), 1e-5);
    }

    @Test
    void laterTokensDoNotReachEarlierLogits() {
        LanguageModel model = Models.tiny();
        int[] changed = IDS.clone();
        changed[5] = 7;
        double[][] a = Models.logits(model.graph(), IDS, 0, 0);
        double[][] b = Models.logits(model.graph(), changed, 0, 0);
        assertClose(Arrays.copyOf(a, 5), Arrays.copyOf(b, 5), 0);
        assertNotEquals(a[5][0], b[5][0]);
    }

    @Test
    void freshWeightsDependOnSeedAndNameAlone() {
        double[] a = Models.weights(LanguageModel.create(Models.TINY, 1, Lowering.FUSED)).get("transformer.h.1.mlp.c_fc.weight");
        Gpt2Config shallow = Gpt2Config.defaults().with(c -> c.vocabSize(11).nPositions(16).nEmbd(12).nLayer(3).nHead(3)
                .initializerRange(0.4));
        assertArrayEquals(a, Models.weights(LanguageModel.create(shallow, 1, Lowering.FUSED)).get("transformer.h.1.mlp.c_fc.weight"));
        assertNotEquals(a[0], Models.weights(LanguageModel.create(Models.TINY, 2, Lowering.FUSED))
                .get("transformer.h.1.mlp.c_fc.weight")[0]);
        double deviation = Math.sqrt(Arrays.stream(a).map(x -> x * x).sum() / a.length);
        assertEquals(0.4, deviation, 0.05);
    }

    @Test
    void buildsInDoubleToo() {
        ModelGraph exact = Gpt2.build(Models.TINY, 1, Lowering.STANDARD, DataType.DOUBLE);
        double[][] expected = new Gpt2Reference(Models.TINY, Models.weights(LanguageModel.create(Models.TINY, 1, Lowering.FUSED)))
                .logits(IDS);
        assertClose(expected, Models.logits(exact, IDS, 0, 0), 1e-10);
    }

    static void assertClose(double[][] expected, double[][] seen, double tolerance) {
        assertEquals(expected.length, seen.length);
        for (int t = 0; t < expected.length; t++) {
            assertArrayEquals(expected[t], seen[t], tolerance, "row " + t);
        }
    }
}

package io.softq4j.model;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LlamaTest {

    private static final int[] IDS = {3, 1, 4, 1, 5, 9, 2, 6, 10, 0, 7};

    @TempDir
    private Path directory;

    private ModelGraph exact(LlamaCheckpoint checkpoint, Map<String, double[]> weights) throws IOException {
        checkpoint.write(directory);
        return Models.exact(ModelConfig.read(directory), weights);
    }

    @Test
    void groupedQueriesAreManyHeadsWhoseKeysAndValuesAreCopies() throws IOException {
        LlamaCheckpoint grouped = LlamaCheckpoint.GROUPED;
        ModelGraph shared = exact(grouped, grouped.exactWeights());
        Map<String, double[]> copies = new LinkedHashMap<>(grouped.exactWeights());
        int head = grouped.headDim() * LlamaCheckpoint.WIDTH;
        int group = grouped.heads() / grouped.keyValues();
        copies.replaceAll((name, values) -> {
            if (!name.contains("k_proj") && !name.contains("v_proj")) {
                return values;
            }
            double[] all = new double[values.length * group];
            for (int h = 0; h < grouped.heads(); h++) {
                System.arraycopy(values, h / group * head, all, h * head, head);
            }
            return all;
        });
        LlamaCheckpoint many = new LlamaCheckpoint("llama", grouped.heads(), grouped.heads(), grouped.headDim(), false, grouped.theta(),
                "");
        ModelGraph whole = exact(many, copies);
        Gpt2Test.assertClose(Models.logits(shared, IDS, 0, 0), Models.logits(whole, IDS, 0, 0), 1e-12);
    }
}

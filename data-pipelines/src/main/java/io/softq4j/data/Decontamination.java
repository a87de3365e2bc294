package io.softq4j.data;

import com.fasterxml.jackson.databind.JsonNode;
import io.softq4j.data.read.ReadOptions;
import io.softq4j.data.step.OverlapFilter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The texts of an evaluation corpus that no training row may share a run of words with. */
final class Decontamination {

    private Decontamination() {
    }

    /** Writes the runs of words of every text in {@code evaluation}, whatever its columns, for {@link OverlapFilter}. */
    static void writeGrams(Sources evaluation, DataConfig data, Path file) throws IOException {
        List<String> texts = new ArrayList<>();
        try (Mixture rows = new Mixture(evaluation, new ReadOptions(data.sampleBy(), List.of()), false)) {
            for (CorpusCursor.Read read = rows.next(); read != null; read = rows.next()) {
                if (read.row() == null) {
                    throw read.error();
                }
                addTexts(read.row().object(), texts);
            }
        }
        if (texts.isEmpty()) {
            throw evaluation.noRows();
        }
        OverlapFilter.writeGrams(texts, data.filter().decontaminateNgram(), file);
    }

    private static void addTexts(JsonNode node, List<String> texts) {
        if (node.isTextual()) {
            texts.add(node.textValue());
        } else {
            node.forEach(child -> addTexts(child, texts));
        }
    }
}

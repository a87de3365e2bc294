package io.softq4j.workflow;

import io.softq4j.common.UserError;
import io.softq4j.data.DataConfig;
import io.softq4j.evaluation.Item;
import java.nio.file.Path;
import java.util.List;

/** Texts that were written for prompts, as {@code softq evaluate --predictions} reads them, of which each row says its prompt. */
final class ComparedTexts {

    private ComparedTexts() {
    }

    /**
     * Reads a file; rows with one prompt are samples of it.
     *
     * @param data says which columns are references
     * @throws UserError naming file and line, if there is none, or a row has no prompt or no text
     */
    static List<Item> read(Path file, DataConfig data) {
        Predictions predictions = Predictions.read(file);
        predictions.rows().stream().filter(row -> row.prompt().isEmpty()).findFirst().ifPresent(row -> {
            throw new UserError(row.where() + ": no prompt, by which texts are matched. A row has it in \"prompt\".");
        });
        return PredictedItems.alone(predictions, data).items();
    }
}

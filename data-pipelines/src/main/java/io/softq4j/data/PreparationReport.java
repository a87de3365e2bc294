package io.softq4j.data;

import java.nio.file.Path;
import java.util.List;

/**
 * What a preparation made.
 *
 * @param out            the directory: {@code train/}, {@code validation/} if there is one, the tokenizer's files, {@code data-card.md}
 * @param trained        whether the tokenizer was trained on the corpus
 * @param vocabularySize ids of the tokenizer
 * @param maxLength      the longest example allowed
 * @param train          the training part
 * @param validation     the validation part, or null
 * @param warnings       what the user should look at, a sentence each
 */
public record PreparationReport(Path out, boolean trained, int vocabularySize, int maxLength, SplitReport train, SplitReport validation,
                                List<String> warnings) {

    public PreparationReport {
        warnings = List.copyOf(warnings);
    }

    /** The parts there are. */
    public List<SplitReport> splits() {
        return validation == null ? List.of(train) : List.of(train, validation);
    }
}

package io.softq4j.data;

import java.util.List;
import java.util.Optional;

/**
 * What a preparation made; {@code data-card.json} is this record.
 *
 * @param key           hash of all that decides the result: the corpus, the configuration, the tokenizer
 * @param corpus        the files it was made of
 * @param shape         what the rows were taken for
 * @param chatTemplate  where the chat template came from, or null if none was used
 * @param tokenizer     trained on the corpus, or read from a file
 * @param vocabularySize ids of the tokenizer
 * @param maxLength     the longest example allowed
 * @param overLength    what happened to longer ones
 * @param parts         one for each store
 * @param warnings      what the user should look at, a sentence each
 */
public record PreparationReport(String key, List<Source> corpus, String shape, String chatTemplate, TokenizerType tokenizer, int vocabularySize,
                                int maxLength, String overLength, List<SplitReport> parts, List<String> warnings) {

    /**
     * A corpus file.
     *
     * @param part       what it is for
     * @param file       its name
     * @param sha256     of its bytes
     */
    public record Source(String part, String file, String sha256) {
    }

    public PreparationReport {
        corpus = List.copyOf(corpus);
        parts = List.copyOf(parts);
        warnings = List.copyOf(warnings);
    }

    /** The part of that name, if there is one. */
    public Optional<SplitReport> part(String name) {
        return parts.stream().filter(part -> part.name().equals(name)).findFirst();
    }
}

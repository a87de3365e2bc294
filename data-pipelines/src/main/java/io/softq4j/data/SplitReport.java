package io.softq4j.data;

import io.softq4j.tokens.RowCounts;
import java.util.List;

/**
 * One prepared file.
 *
 * @param name           {@code train} or {@code validation}, its directory in the output
 * @param file           the corpus file's name
 * @param sha256         of the corpus file
 * @param rows           what became of its rows
 * @param tokens         in the store, prompts included
 * @param responseTokens scored tokens in the store, EOS included
 * @param eosTrained     examples whose end is scored; the others were cut
 * @param lengths        of all rows that were tokenised, before any was cut or dropped
 * @param samples        the first examples of the store
 */
public record SplitReport(String name, String file, String sha256, RowCounts rows, long tokens, long responseTokens, long eosTrained,
                          Lengths lengths, List<Sample> samples) {

    /**
     * An example, decoded from its ids.
     *
     * @param prompt   text of the tokens that are not scored
     * @param response text of the tokens that are
     * @param ends     whether EOS is among them
     */
    public record Sample(String prompt, String response, boolean ends) {
    }

    public SplitReport {
        samples = List.copyOf(samples);
    }
}

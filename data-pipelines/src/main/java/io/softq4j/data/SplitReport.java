package io.softq4j.data;

import io.softq4j.tokens.store.RowCounts;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One part of a preparation.
 *
 * @param name           {@code train}, {@code validation} or {@code test}, its directory in the output
 * @param rows           what became of its rows; rows lost before it is known which part they go to count for {@code train}
 * @param tokens         in the store, prompts included
 * @param responseTokens scored tokens in the store, EOS included
 * @param endsTrained    examples in which the end of a response is scored; the others were cut
 * @param lengths        of all rows that were tokenised, before any was cut or dropped
 * @param specialTokens  how often each special token is in the store, by its spelling
 * @param samples        the first examples of the store
 */
public record SplitReport(String name, RowCounts rows, long tokens, long responseTokens, long endsTrained, Lengths lengths,
                          Map<String, Long> specialTokens, List<TokenisedText> samples) {

    public SplitReport {
        specialTokens = Collections.unmodifiableMap(new LinkedHashMap<>(specialTokens));
        samples = List.copyOf(samples);
    }
}

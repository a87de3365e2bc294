package io.softq4j.training.rows;

import java.util.ArrayList;
import java.util.List;

/**
 * What a run will see of its examples, so that none is lost silently.
 *
 * @param examples      number of examples
 * @param tokens        input positions after cutting
 * @param scored        scored response tokens after cutting
 * @param complete      examples that end in EOS
 * @param cut           examples longer than {@code max_length}
 * @param firstCut      indices of the first of them
 * @param unscored      examples without a scored token
 * @param firstUnscored indices of the first of them
 * @param slots         how much of an epoch's rows is not padding
 */
public record DataSummary(long examples, long tokens, long scored, long complete, long cut, List<Long> firstCut, long unscored,
                          List<Long> firstUnscored, SlotUse slots) {

    /** What will be lost of the examples, a sentence each. @param eosId the id that ends a response */
    List<String> warnings(int maxLength, int eosId) {
        List<String> warnings = new ArrayList<>();
        if (cut > 0) {
            warnings.add(cut + " of " + examples + " examples are longer than max_length " + maxLength + " and are cut (first: " + firstCut + ")");
        }
        if (unscored > 0) {
            warnings.add(unscored + " of " + examples + " examples have no scored response token within max_length " + maxLength
                    + " and teach nothing (first: " + firstUnscored + ")");
        }
        if (complete == 0) {
            warnings.add("no example ends in EOS (id " + eosId + "): the model will not learn to stop");
        }
        return warnings;
    }
}

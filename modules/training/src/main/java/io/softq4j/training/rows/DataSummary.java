package io.softq4j.training.rows;

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
}

package io.softq4j.training;

import io.softq4j.common.UserError;
import io.softq4j.tokens.Example;
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
 */
public record DataSummary(long examples, long tokens, long scored, long complete, long cut, List<Long> firstCut, long unscored,
                          List<Long> firstUnscored) {

    private static final int NAMED = 5;

    /**
     * Reads every example once.
     *
     * @param what how an error names the examples, such as {@code training data}
     * @throws UserError if there is no example, or none with a scored token
     */
    public static DataSummary of(ExampleSource source, Collator collator, String what) {
        long tokens = 0;
        long scored = 0;
        long complete = 0;
        long cut = 0;
        long unscored = 0;
        List<Long> firstCut = new ArrayList<>();
        List<Long> firstUnscored = new ArrayList<>();
        for (long i = 0; i < source.size(); i++) {
            Example example = source.get(i);
            int scoredHere = collator.scored(example);
            tokens += Math.min(collator.inputs(example), collator.maxLength());
            scored += scoredHere;
            complete += collator.endsInEos(example) ? 1 : 0;
            if (collator.cuts(example) && ++cut <= NAMED) {
                firstCut.add(i);
            }
            if (scoredHere == 0 && ++unscored <= NAMED) {
                firstUnscored.add(i);
            }
        }
        if (source.size() == 0) {
            throw new UserError("the " + what + " has no examples. Prepare it again and look at the counts it reports.");
        }
        if (scored == 0) {
            throw new UserError("none of the " + source.size() + " examples of the " + what + " has a scored response token within max_length "
                    + collator.maxLength() + ". Likely cause: prompts longer than max_length, or a wrong response field."
                    + " Raise max_length or prepare again.");
        }
        return new DataSummary(source.size(), tokens, scored, complete, cut, List.copyOf(firstCut), unscored, List.copyOf(firstUnscored));
    }
}

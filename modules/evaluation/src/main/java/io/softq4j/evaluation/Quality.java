package io.softq4j.evaluation;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How good the samples are, by the checker of a {@link Task}. n samples a prompt, c of them correct.
 *
 * @param accuracy        mean over prompts of c / n
 * @param passAtK         by k: mean over prompts of {@link PassAtK}
 * @param distinctCorrect mean over prompts of the number of different correct responses among the n ({@link Task#canonical}); fair where a prompt has
 *                        many right answers, and the one quality that a model repeating a single right answer cannot win. Compare at equal n
 */
public record Quality(double accuracy, SortedMap<Integer, Double> passAtK, double distinctCorrect) {

    public Quality {
        passAtK = Collections.unmodifiableSortedMap(new TreeMap<>(passAtK));
    }
}

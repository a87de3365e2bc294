package io.softq4j.data;

import io.softq4j.common.UserError;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Which rows of a corpus are used, and what is done to their columns before they are rendered.
 *
 * @param transforms         names of classes that implement DataVec's {@code Transform}, run in this order on the columns as text
 * @param keepMatching       column to regular expression: rows in which it is found nowhere are left out
 * @param dropMatching       column to regular expression: rows in which it is found are left out
 * @param dedupe             which rows are left out because the same came before
 * @param dedupeThreshold    for NEAR: Jaccard's index of the runs of five words from which on a row is left out
 * @param decontaminate      corpus files of an evaluation: rows that share a run of words with them are left out
 * @param decontaminateNgram words in such a run
 * @param minLength          shorter examples, in tokens, are left out
 */
public record FilterConfig(List<String> transforms, Map<String, String> keepMatching, Map<String, String> dropMatching, Dedupe dedupe,
                           double dedupeThreshold, List<String> decontaminate, int decontaminateNgram, int minLength) {

    public FilterConfig {
        transforms = List.copyOf(transforms);
        decontaminate = List.copyOf(decontaminate);
        if (dedupe == null) {
            throw new UserError("dedupe must be none, exact or near");
        }
        patterns("keep_matching", keepMatching);
        patterns("drop_matching", dropMatching);
        if (!(dedupeThreshold > 0 && dedupeThreshold <= 1)) {
            throw new UserError("dedupe_threshold must be above 0, up to 1, was " + dedupeThreshold);
        }
        if (decontaminateNgram < 1) {
            throw new UserError("decontaminate_ngram must be at least 1, was " + decontaminateNgram);
        }
        if (minLength < 0) {
            throw new UserError("min_length must be at least 0, was " + minLength);
        }
    }

    public static FilterConfig defaults() {
        return new FilterConfig(List.of(), Map.of(), Map.of(), Dedupe.NONE, 0.8, List.of(), 13, 0);
    }

    public FilterConfig withMatching(Map<String, String> keep, Map<String, String> drop) {
        return new FilterConfig(transforms, keep, drop, dedupe, dedupeThreshold, decontaminate, decontaminateNgram, minLength);
    }

    public FilterConfig withDedupe(Dedupe mode, double threshold) {
        return new FilterConfig(transforms, keepMatching, dropMatching, mode, threshold, decontaminate, decontaminateNgram, minLength);
    }

    public FilterConfig withDecontaminate(List<String> files, int ngram) {
        return new FilterConfig(transforms, keepMatching, dropMatching, dedupe, dedupeThreshold, files, ngram, minLength);
    }

    public FilterConfig withTransforms(List<String> classes) {
        return new FilterConfig(classes, keepMatching, dropMatching, dedupe, dedupeThreshold, decontaminate, decontaminateNgram, minLength);
    }

    private static void patterns(String key, Map<String, String> byColumn) {
        byColumn.forEach((column, regex) -> {
            try {
                Pattern.compile(regex);
            } catch (PatternSyntaxException e) {
                throw new UserError(key + "." + column + " is no regular expression: " + e.getDescription() + " at character " + (e.getIndex() + 1)
                        + " of \"" + regex + "\"", e);
            }
        });
    }
}

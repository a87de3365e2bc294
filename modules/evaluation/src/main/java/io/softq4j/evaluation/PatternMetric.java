package io.softq4j.evaluation;

import io.softq4j.common.UserError;
import io.softq4j.evaluation.text.AnswerPattern;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Share of samples that give the answer of a reference, by a regular expression of the user's.
 *
 * @param answers finds and compares
 */
record PatternMetric(AnswerPattern answers) implements SampleMetric {

    /** Reads the options beside {@code pattern}. */
    static PatternMetric of(String pattern, MetricOptions options) {
        String group = options.text("group", null);
        boolean last = options.choice("match", "last", "first", "last").equals("last");
        String normalise = options.choice("normalise", "number", "number", "text", "none");
        AnswerPattern.Form form = AnswerPattern.Form.valueOf(normalise.toUpperCase(Locale.ROOT));
        try {
            int number = group == null ? AnswerPattern.FIRST_GROUP : options.number("group", 0, 0);
            return new PatternMetric(new AnswerPattern(Pattern.compile(pattern), number, last, form));
        } catch (PatternSyntaxException e) {
            throw new UserError("evaluation.metrics: accuracy: pattern '" + pattern + "' is not a regular expression: " + e.getDescription()
                    + " at character " + (e.getIndex() + 1) + ".", e);
        } catch (IllegalArgumentException e) {
            throw new UserError("evaluation.metrics: accuracy: " + e.getMessage()
                    + ". Groups are the parts in round brackets, counted from 1; "
                    + "0 is all of the match.", e);
        }
    }

    @Override
    public String name() {
        return "accuracy";
    }

    @Override
    public Set<Need> needs() {
        return Set.of(Need.SAMPLES, Need.REFERENCES);
    }

    @Override
    public String signature() {
        return "accuracy|pattern:" + answers.pattern() + "|group:" + (answers.group() < 0 ? "first" : answers.group()) + "|match:"
                + (answers.last() ? "last" : "first") + "|normalise:" + answers.form().name().toLowerCase(Locale.ROOT);
    }

    @Override
    public double value(Item item, String text) {
        try {
            boolean right = item.references().stream().anyMatch(reference -> answers.isRight(reference, text));
            return item.references().isEmpty() ? Double.NaN : right ? 1 : 0;
        } catch (StackOverflowError e) {
            throw new UserError("evaluation.metrics: accuracy: pattern '" + answers.pattern()
                    + "' needs more memory than there is for a text of "
                    + text.length() + " characters. Repeat single letters or classes, [ab]*, in place of groups, (a|b)*.", e);
        }
    }
}

package io.softq4j.evaluation;

import io.softq4j.common.UserError;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Grade-school mathematics (Cobbe et al. 2021, arXiv 2110.14168): the number after the first {@code ####} of the response equals the one of the
 * record's field {@code answer}.
 *
 * <p>As in the data set's own script ({@code grade_school_math/dataset.py}, {@code #### (\-?[0-9\.\,]+)}), the answer must stand after {@code ####}:
 * a response that reaches the right number without it is wrong. Unlike the script, which compares spellings, numbers are compared: commas, a dollar
 * sign, blanks, a trailing dot and trailing zeros of the fraction do not count, so {@code 1,000}, {@code $1000}, {@code 1000.} and {@code 1000.00}
 * are one answer; so is {@code 1 000}, since blanks between groups of three digits are how many languages write it (ISO 80000-1, 7.3.1).
 * Calculator annotations ({@code <<48/2=24>>}) are removed first.
 */
public record Gsm8k() implements Task {

    private static final String REFERENCE = "answer";
    private static final Pattern ANNOTATION = Pattern.compile("<<[^<>]*>>");
    /** A blank that groups digits: the plain one, and those that break no line. */
    private static final String BLANK = "[ \\u00A0\\u2009\\u202F]";
    private static final String GROUPED = "[0-9]{1,3}(?:" + BLANK + "[0-9]{3})+(?![0-9])(?:\\.[0-9]+)?";
    private static final Pattern ANSWER = Pattern.compile("####[ \\t]*(-?)[ \\t]*\\$?[ \\t]*(-?)(" + GROUPED + "|[0-9.,]*[0-9][0-9.,]*)");

    @Override
    public String name() {
        return Tasks.GSM8K;
    }

    @Override
    public boolean correct(Map<String, String> fields, String response) {
        String reference = Fields.require(fields, REFERENCE, name());
        BigDecimal expected = answer(reference).orElseThrow(() -> new UserError(
                "task 'gsm8k': the field 'answer' of a record has no number after '####': '" + reference
                + "'. Evaluate a file in GSM8K's format, or choose another task."));
        return answer(response).map(seen -> seen.compareTo(expected) == 0).orElse(false);
    }

    /** Two solutions that differ only in calculator annotations are one. */
    @Override
    public String canonical(Map<String, String> fields, String response) {
        return Words.normalise(ANNOTATION.matcher(response).replaceAll(""));
    }

    /**
     * The number after the first {@code ####} that is followed by one; empty if there is none, or if what follows is no number, such as
     * {@code 1.2.3}.
     */
    static Optional<BigDecimal> answer(String text) {
        Matcher match = ANSWER.matcher(ANNOTATION.matcher(text).replaceAll(""));
        if (!match.find()) {
            return Optional.empty();
        }
        String digits = match.group(3).replaceAll(BLANK + "|,", "").replaceAll("\\.+$", "");
        if (!digits.matches("[0-9]+(\\.[0-9]+)?|\\.[0-9]+")) {
            return Optional.empty();
        }
        BigDecimal value = new BigDecimal(digits);
        boolean negative = !match.group(1).equals(match.group(2));
        return Optional.of(negative ? value.negate() : value);
    }
}

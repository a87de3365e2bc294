package io.softq4j.evaluation.text;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Numbers as people write them in answers: {@code 1,000}, {@code $1000}, {@code 1 000}, {@code 1000.} and {@code 1000.00} are one number,
 * and so are {@code 50 %} and {@code 50}, {@code −3} and {@code -3}. Commas and blanks must group three digits: {@code 3,5} is not a number
 * here, since it is three and a half in some countries.
 */
public final class NumberForm {

    private static final String BLANKS = " \\u00a0\\u2009\\u202f";
    private static final String GROUPED = "[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,3}(?:[" + BLANKS + "][0-9]{3})+|[0-9]+";
    private static final Pattern NUMBER = Pattern.compile("([-+\\u2212]?)[" + BLANKS + "]*\\p{Sc}?[" + BLANKS + "]*([-+\\u2212]?)(?:((?:"
            + GROUPED
            + ")(?:\\.[0-9]*)?)|(\\.[0-9]+))\\.?[" + BLANKS + "]*%?");

    private NumberForm() {
    }

    /** The number a text is, without anything before or after it but white space; empty if it is not one. */
    public static Optional<BigDecimal> of(String text) {
        Matcher number = NUMBER.matcher(Whitespace.normalise(text));
        if (!number.matches()) {
            return Optional.empty();
        }
        if (!number.group(1).isEmpty() && !number.group(2).isEmpty()) {
            return Optional.empty();
        }
        String digits = (number.group(3) == null ? number.group(4) : number.group(3)).replaceAll("[," + BLANKS + "]", "");
        BigDecimal value = new BigDecimal(digits.endsWith(".") ? digits.substring(0, digits.length() - 1) : digits);
        String sign = number.group(1) + number.group(2);
        return Optional.of(sign.isEmpty() || sign.equals("+") ? value : value.negate());
    }
}

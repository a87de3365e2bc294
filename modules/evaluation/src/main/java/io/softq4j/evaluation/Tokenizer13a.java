package io.softq4j.evaluation;

import java.util.List;
import java.util.regex.Pattern;

/**
 * The tokenisation of NIST's {@code mteval-v13a.pl}, which sacreBLEU (Post 2018, arXiv 1804.08771) calls {@code 13a}: punctuation split from words,
 * except period and comma inside numbers.
 */
final class Tokenizer13a {

    /** ASCII punctuation other than apostrophe, comma, hyphen and period. */
    private static final Pattern PUNCTUATION = Pattern.compile("([{-~\\[-` -&(-+:-@/])");
    private static final Pattern POINT_AFTER_NO_DIGIT = Pattern.compile("([^0-9])([.,])");
    private static final Pattern POINT_BEFORE_NO_DIGIT = Pattern.compile("([.,])([^0-9])");
    private static final Pattern HYPHEN_AFTER_DIGIT = Pattern.compile("([0-9])(-)");

    private Tokenizer13a() {
    }

    static List<String> tokens(String text) {
        String line = text.stripTrailing().replace("<skipped>", "").replace("-\n", "").replace('\n', ' ')
                .replace("&quot;", "\"").replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">");
        line = PUNCTUATION.matcher(" " + line + " ").replaceAll(" $1 ");
        line = POINT_AFTER_NO_DIGIT.matcher(line).replaceAll("$1 $2 ");
        line = POINT_BEFORE_NO_DIGIT.matcher(line).replaceAll(" $1 $2");
        return Words.of(HYPHEN_AFTER_DIGIT.matcher(line).replaceAll("$1 $2 "));
    }
}

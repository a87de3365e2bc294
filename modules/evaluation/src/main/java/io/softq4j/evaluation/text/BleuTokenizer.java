package io.softq4j.evaluation.text;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** How {@link Bleu} splits a text into words: the tokenisations of sacreBLEU (Post 2018, arXiv 1804.08771) that need no language. */
public enum BleuTokenizer {

    /** That of NIST's {@code mteval-v13a.pl}: punctuation split from words, except period and comma inside numbers. */
    MTEVAL_13A("13a") {
        @Override
        String spaced(String text) {
            String line = text.replace("<skipped>", "").replace("-\n", "").replace('\n', ' ');
            if (line.indexOf('&') >= 0) {
                line = line.replace("&quot;", "\"").replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">");
            }
            line = PUNCTUATION.matcher(" " + line + " ").replaceAll(" $1 ");
            line = POINT_AFTER_NO_DIGIT.matcher(line).replaceAll("$1 $2 ");
            line = POINT_BEFORE_NO_DIGIT.matcher(line).replaceAll(" $1 $2");
            return HYPHEN_AFTER_DIGIT.matcher(line).replaceAll("$1 $2 ");
        }
    },

    /**
     * That of {@code mteval-v14.pl --international-tokenization}: all of Unicode's punctuation and symbols split off, punctuation between
     * digits aside. What is punctuation is said by the Unicode version of the Java runtime, which may not know the newest symbols.
     */
    INTL("intl") {
        @Override
        String spaced(String text) {
            String line = MARK_AFTER_NO_NUMBER.matcher(text).replaceAll("$1 $2 ");
            line = MARK_BEFORE_NO_NUMBER.matcher(line).replaceAll(" $1 $2");
            return SYMBOL.matcher(line).replaceAll(" $1 ");
        }
    },

    /** Each code point is a word, white space aside. */
    CHAR("char") {
        @Override
        String spaced(String text) {
            StringBuilder spaced = new StringBuilder(2 * text.length());
            text.codePoints().forEach(c -> spaced.appendCodePoint(c).append(' '));
            return spaced.toString();
        }
    },

    /** White space alone, for texts that are tokenised already. */
    NONE("none") {
        @Override
        String spaced(String text) {
            return text;
        }
    };

    /** ASCII punctuation other than apostrophe, comma, hyphen and period. */
    private static final Pattern PUNCTUATION = Pattern.compile("([{-~\\[-` -&(-+:-@/])");
    private static final Pattern POINT_AFTER_NO_DIGIT = Pattern.compile("([^0-9])([.,])");
    private static final Pattern POINT_BEFORE_NO_DIGIT = Pattern.compile("([.,])([^0-9])");
    private static final Pattern HYPHEN_AFTER_DIGIT = Pattern.compile("([0-9])(-)");
    private static final Pattern MARK_AFTER_NO_NUMBER = Pattern.compile("(\\P{N})(\\p{P})");
    private static final Pattern MARK_BEFORE_NO_NUMBER = Pattern.compile("(\\p{P})(\\P{N})");
    private static final Pattern SYMBOL = Pattern.compile("(\\p{S})");

    private final String id;

    BleuTokenizer(String id) {
        this.id = id;
    }

    /** The name that sacreBLEU gives it. */
    public String id() {
        return id;
    }

    /** The one that sacreBLEU calls so. */
    public static Optional<BleuTokenizer> of(String id) {
        return Stream.of(values()).filter(tokenizer -> tokenizer.id.equals(id)).findFirst();
    }

    /** The words of a text. */
    public List<String> tokens(String text) {
        return Whitespace.split(spaced(Whitespace.stripTrailing(text)));
    }

    /** The same of the text in small letters, as in English wherever this runs. */
    List<String> tokens(String text, boolean lowercase) {
        return tokens(lowercase ? SmallLetters.of(text) : text);
    }

    abstract String spaced(String text);
}

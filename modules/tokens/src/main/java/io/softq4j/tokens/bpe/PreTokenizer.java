package io.softq4j.tokens.bpe;

import static io.softq4j.tokens.CharClass.LETTER;
import static io.softq4j.tokens.CharClass.LINE_END;
import static io.softq4j.tokens.CharClass.NOT_LOWER;
import static io.softq4j.tokens.CharClass.NOT_UPPER;
import static io.softq4j.tokens.CharClass.NUMBER;
import static io.softq4j.tokens.CharClass.OTHER;
import static io.softq4j.tokens.CharClass.SPACE;

import io.softq4j.tokens.CharClass;
import java.util.Optional;

/**
 * Cuts text into the pieces that BPE never merges across, each constant as the regular expression it names.
 *
 * <p>Written out by hand because {@code java.util.regex} with Unicode classes is several times slower; the tests hold each to its
 * expression, and to Hugging Face's library. Every expression matches every text without a gap.
 */
public enum PreTokenizer implements Cut {

    /** GPT-2's {@code encoder.py}. */
    GPT2("'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+") {
        @Override
        public int next(char[] text, int start, int end) {
            char first = text[start];
            if (first == '\'') {
                int contraction = contraction(text, start, end, false);
                if (contraction > start) {
                    return contraction;
                }
            }
            int run = first == ' ' && start + 1 < end ? start + 1 : start;
            int kind = CharClass.at(text, run) & (LETTER | NUMBER | OTHER);
            return kind != 0 ? CharClass.run(text, run, end, kind) : spaces(text, start, end);
        }
    },

    /** Llama 3, and GPT-4 before it (cl100k_base): numbers in threes, a sign or space before a word joins it. */
    LLAMA3("(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| "
            + "?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+") {
        @Override
        public int next(char[] text, int start, int end) {
            return joined(text, start, end, 3);
        }
    },

    /** Qwen 2 and 3: as {@link #LLAMA3}, numbers digit by digit. */
    QWEN2("(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|"
            + "\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+") {
        @Override
        public int next(char[] text, int start, int end) {
            return joined(text, start, end, 1);
        }
    },

    /** GPT-4o (o200k_base): words are cut where a capital follows a small letter, contractions stay with their word. */
    O200K("[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
            + "|[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
            + "|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+") {
        @Override
        public int next(char[] text, int start, int end) {
            int first = CharClass.at(text, start);
            int after = start + CharClass.width(text, start);
            boolean joins = (first & (LETTER | NUMBER | LINE_END)) == 0 && after < end;
            int word = joins ? endsSmall(text, after, end) : -1;
            word = word < 0 ? endsSmall(text, start, end) : word;
            word = word < 0 && joins ? startsCapital(text, after, end) : word;
            word = word < 0 ? startsCapital(text, start, end) : word;
            if (word >= 0) {
                return contraction(text, word, end, true);
            }
            if ((first & NUMBER) != 0) {
                return CharClass.run(text, start, end, NUMBER, 3);
            }
            int signs = signs(text, start, end);
            if (signs == start) {
                return spacesOfLines(text, start, end);
            }
            while (signs < end && (text[signs] == '\r' || text[signs] == '\n' || text[signs] == '/')) {
                signs++;
            }
            return signs;
        }
    };

    private final String expression;

    PreTokenizer(String expression) {
        this.expression = expression;
    }

    /** The cut whose regular expression is spelled {@code expression}. */
    static Optional<PreTokenizer> of(String expression) {
        for (PreTokenizer each : values()) {
            if (each.expression.equals(expression)) {
                return Optional.of(each);
            }
        }
        return Optional.empty();
    }

    /** The regular expression, as {@code tokenizer.json} spells it. */
    public String expression() {
        return expression;
    }

    private static int joined(char[] text, int start, int end, int digits) {
        if (text[start] == '\'') {
            int contraction = contraction(text, start, end, true);
            if (contraction > start) {
                return contraction;
            }
        }
        int first = CharClass.at(text, start);
        if ((first & LETTER) != 0) {
            return CharClass.run(text, start, end, LETTER);
        }
        if ((first & NUMBER) != 0) {
            return CharClass.run(text, start, end, NUMBER, digits);
        }
        int after = start + CharClass.width(text, start);
        if ((first & LINE_END) == 0 && after < end && (CharClass.at(text, after) & LETTER) != 0) {
            return CharClass.run(text, after, end, LETTER);
        }
        int signs = signs(text, start, end);
        return signs > start ? CharClass.run(text, signs, end, LINE_END) : spacesOfLines(text, start, end);
    }

    /** {@code  ?[^\s\p{L}\p{N}]+}; {@code start} if it does not match. */
    private static int signs(char[] text, int start, int end) {
        int from = text[start] == ' ' ? start + 1 : start;
        int to = CharClass.run(text, from, end, OTHER);
        return to > from ? to : start;
    }

    /** {@code [\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+}; -1 if it does not match. */
    private static int endsSmall(char[] text, int start, int end) {
        int small = CharClass.run(text, start, end, NOT_LOWER);
        int to = CharClass.run(text, small, end, NOT_UPPER);
        if (to > small) {
            return to;
        }
        // no small letter follows: the match ends with the last one before that has no case
        for (int i = small; i > start; ) {
            int before = Character.isLowSurrogate(text[i - 1]) ? i - 2 : i - 1;
            if ((CharClass.at(text, before) & NOT_UPPER) != 0) {
                return i;
            }
            i = before;
        }
        return -1;
    }

    /** {@code [\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*}; -1 if it does not match. */
    private static int startsCapital(char[] text, int start, int end) {
        int small = CharClass.run(text, start, end, NOT_LOWER);
        return small == start ? -1 : CharClass.run(text, small, end, NOT_UPPER);
    }

    /** {@code \s*[\r\n]+|\s+(?!\S)|\s+}. */
    private static int spacesOfLines(char[] text, int start, int end) {
        int stop = CharClass.run(text, start, end, SPACE);
        for (int i = stop; i > start; i--) {
            if (text[i - 1] == '\n' || text[i - 1] == '\r') {
                return i;
            }
        }
        return withoutLast(start, stop, end);
    }

    /** {@code \s+(?!\S)|\s+}. */
    private static int spaces(char[] text, int start, int end) {
        return withoutLast(start, CharClass.run(text, start, end, SPACE), end);
    }

    /** The last white space of a run belongs to what follows, unless it is all there is. No white space is a surrogate pair. */
    private static int withoutLast(int start, int stop, int end) {
        return stop == end || stop - 1 == start ? stop : stop - 1;
    }

    /** Where {@code 's|'t|'re|'ve|'m|'ll|'d} ends; {@code start} if it does not match. */
    private static int contraction(char[] text, int start, int end, boolean anyCase) {
        if (start + 1 >= end || text[start] != '\'') {
            return start;
        }
        char a = folded(text[start + 1], anyCase);
        if (a == 's' || a == 't' || a == 'm' || a == 'd') {
            return start + 2;
        }
        if (start + 2 >= end) {
            return start;
        }
        char b = folded(text[start + 2], anyCase);
        return a == 'r' && b == 'e' || a == 'v' && b == 'e' || a == 'l' && b == 'l' ? start + 3 : start;
    }

    /** Simple case folding, which makes the long s an s. */
    private static char folded(char c, boolean anyCase) {
        return !anyCase ? c : c >= 'A' && c <= 'Z' ? (char) (c + 32) : c == '\u017F' ? 's' : c;
    }
}

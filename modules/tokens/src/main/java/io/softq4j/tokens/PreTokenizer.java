package io.softq4j.tokens;

/**
 * Cuts text where GPT-2 does, the pieces that BPE never merges across:
 * <pre>'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+</pre>
 *
 * <p>Written out by hand because {@code java.util.regex} with Unicode classes is several times slower; the tests hold it to the
 * expression. Letters and numbers are those of the JDK's Unicode version: a letter younger than that is seen as a symbol.
 */
final class PreTokenizer {

    private PreTokenizer() {
    }

    private enum Kind { LETTER, NUMBER, SPACE, OTHER }

    /** Where the piece that starts at {@code start} ends (exclusive); {@code start} is less than {@code end}, and no piece reaches beyond it. */
    static int next(String text, int start, int end) {
        char first = text.charAt(start);
        if (first == '\'') {
            int contraction = contraction(text, start, end);
            if (contraction > 0) {
                return start + contraction;
            }
        }
        int run = first == ' ' && start + 1 < end ? start + 1 : start;
        Kind kind = kind(text.codePointAt(run));
        if (kind != Kind.SPACE) {
            return endOfRun(text, run, end, kind);
        }
        int stop = endOfRun(text, start, end, Kind.SPACE);
        if (stop == end) {
            return stop;
        }
        // the last white space of a run belongs to what follows, unless it is all there is
        int last = text.offsetByCodePoints(stop, -1);
        return last > start ? last : stop;
    }

    private static int contraction(String text, int start, int end) {
        if (start + 1 >= end) {
            return 0;
        }
        char a = text.charAt(start + 1);
        if (a == 's' || a == 't' || a == 'm' || a == 'd') {
            return 2;
        }
        if (start + 2 >= end) {
            return 0;
        }
        char b = text.charAt(start + 2);
        return a == 'r' && b == 'e' || a == 'v' && b == 'e' || a == 'l' && b == 'l' ? 3 : 0;
    }

    private static int endOfRun(String text, int from, int end, Kind kind) {
        int i = from;
        while (i < end) {
            int c = text.codePointAt(i);
            if (kind(c) != kind) {
                break;
            }
            i += Character.charCount(c);
        }
        return i;
    }

    private static Kind kind(int c) {
        if (c < 128) {
            if (c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z') {
                return Kind.LETTER;
            }
            if (c >= '0' && c <= '9') {
                return Kind.NUMBER;
            }
            return c == ' ' || c >= 9 && c <= 13 ? Kind.SPACE : Kind.OTHER;
        }
        return switch (Character.getType(c)) {
            case Character.UPPERCASE_LETTER, Character.LOWERCASE_LETTER, Character.TITLECASE_LETTER, Character.MODIFIER_LETTER,
                 Character.OTHER_LETTER -> Kind.LETTER;
            case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER -> Kind.NUMBER;
            case Character.SPACE_SEPARATOR, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> Kind.SPACE;
            default -> c == 0x85 ? Kind.SPACE : Kind.OTHER;
        };
    }
}

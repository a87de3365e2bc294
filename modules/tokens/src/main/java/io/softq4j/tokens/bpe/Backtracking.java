package io.softq4j.tokens.bpe;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * How many steps the regular expressions of a {@code tokenizer.json} may take on a text at worst, by their shape alone: an unbounded
 * repetition that something must follow can give back what it took, one after the other, so k of them in a row take n^k steps on n bytes.
 * What cannot be told so, such as a repeated group or a back reference, has no bound. Hugging Face's library gives up a match after ten
 * million steps, and the process with it.
 *
 * @param exponent k of the worst expression; below zero if there is no bound
 * @param factor   of all of them together
 */
public record Backtracking(int exponent, double factor) {

    private static final double MOST_STEPS = 5_000_000;
    private static final int MOST_BYTES_PER_CHAR = 3;
    private static final Backtracking UNBOUNDED = new Backtracking(-1, 0);

    /** Of all of them together. */
    public static Backtracking of(List<String> expressions) {
        Backtracking all = new Backtracking(0, 0);
        for (String expression : expressions) {
            all = all.or(of(expression));
        }
        return all;
    }

    /** Every regular expression anywhere in {@code part} of a {@code tokenizer.json}. */
    public static List<String> expressions(JsonNode part) {
        List<String> found = new ArrayList<>();
        if (part.path("Regex").isTextual()) {
            found.add(part.path("Regex").textValue());
        }
        part.forEach(child -> {
            if (child.isContainerNode()) {
                found.addAll(expressions(child));
            }
        });
        return found;
    }

    public static Backtracking of(String expression) {
        Parser parser = new Parser(expression);
        try {
            Backtracking whole = parser.alternatives(false);
            return parser.at < expression.length() ? UNBOUNDED : whole;
        } catch (IndexOutOfBoundsException | NumberFormatException e) {
            return UNBOUNDED;   // malformed, or in a syntax not known here
        }
    }

    /** Whether no text of this many chars can take too many steps. */
    public boolean isSafe(long chars) {
        return exponent >= 0 && factor * Math.pow(MOST_BYTES_PER_CHAR * (double) chars, exponent) <= MOST_STEPS;
    }

    private Backtracking or(Backtracking other) {
        return exponent < 0 || other.exponent < 0 ? UNBOUNDED : new Backtracking(Math.max(exponent, other.exponent), factor + other.factor);
    }

    private Backtracking then(Backtracking next) {
        return exponent < 0 || next.exponent < 0 ? UNBOUNDED : new Backtracking(exponent + next.exponent, factor * next.factor);
    }

    /** Reads an expression in the syntax of Oniguruma from left to right. */
    private static final class Parser {

        private static final Backtracking ONCE = new Backtracking(0, 1);

        private final String expression;
        private int at;
        /** How often the last atom must occur. */
        private int minimum;

        Parser(String expression) {
            this.expression = expression;
        }

        private boolean next(String text) {
            boolean found = expression.startsWith(text, at);
            at += found ? text.length() : 0;
            return found;
        }

        /** Up to a closing parenthesis or the end. */
        Backtracking alternatives(boolean followed) {
            Backtracking all = sequence(followed);
            while (next("|")) {
                all = all.or(sequence(followed));
            }
            return all;
        }

        /** @param followed whether something that may fail follows */
        private Backtracking sequence(boolean followed) {
            Backtracking sum = ONCE;
            Backtracking open = ONCE;   // what may give back only if something must still follow
            while (at < expression.length() && "|)".indexOf(expression.charAt(at)) < 0) {
                boolean group = expression.charAt(at) == '(';
                Backtracking atom = group ? group() : atom();
                Backtracking repeated = quantified(atom, group);
                if (minimum > 0) {
                    sum = sum.then(open);
                    open = repeated;
                } else {
                    open = open.then(repeated);
                }
            }
            return followed || open.exponent < 0 ? sum.then(open) : sum;
        }

        private Backtracking group() {
            next("(");
            if (next("?")) {
                boolean known = next(":") || next("=") || next("!") || next(">") || next("<=") || next("<!") || flags();
                if (!known) {
                    throw new IndexOutOfBoundsException();
                }
            }
            Backtracking inner = alternatives(true);
            if (!next(")")) {
                throw new IndexOutOfBoundsException();
            }
            return inner;
        }

        /** Such as {@code i:}; without a colon they hold to the end of the group around them, and stand for nothing. */
        private boolean flags() {
            int begin = at;
            while ("imsx-".indexOf(expression.charAt(at)) >= 0) {
                at++;
            }
            return at > begin && (next(":") || expression.charAt(at) == ')');
        }

        private Backtracking atom() {
            char c = expression.charAt(at++);
            if (c == '[') {
                characterClass();
            } else if (c == '\\') {
                char escaped = expression.charAt(at++);
                if (escaped >= '1' && escaped <= '9' || escaped == 'k' || escaped == 'g') {
                    return UNBOUNDED;
                }
                if (expression.startsWith("{", at) && "pPxu".indexOf(escaped) >= 0) {
                    at = expression.indexOf('}', at) + 1;
                }
            }
            return ONCE;
        }

        private void characterClass() {
            for (int first = expression.startsWith("^", at) ? at + 1 : at; at == first || expression.charAt(at) != ']'; at++) {
                if (expression.charAt(at) == '\\') {
                    at++;
                } else if (expression.charAt(at) == '[') {
                    at++;
                    characterClass();
                    at--;
                }
            }
            at++;
        }

        private Backtracking quantified(Backtracking atom, boolean group) {
            minimum = 1;
            boolean unbounded = false;
            boolean range = expression.startsWith("{", at) && at + 1 < expression.length()
                    && "0123456789,".indexOf(expression.charAt(at + 1)) >= 0;
            double most = 1;
            if (next("?")) {
                minimum = 0;
                most = 2;
            } else if (next("*")) {
                minimum = 0;
                unbounded = true;
            } else if (next("+")) {
                unbounded = true;
            } else if (range) {
                int close = expression.indexOf('}', at);
                String[] bounds = expression.substring(at + 1, close).split(",", -1);
                at = close + 1;
                minimum = Integer.parseInt(bounds[0]);
                unbounded = bounds.length > 1 && bounds[1].isEmpty();
                most = unbounded ? 1 : 1 + Integer.parseInt(bounds[bounds.length - 1]);
            } else {
                return atom;
            }
            if (!next("?") && !range) {
                next("+");   // lazy or possessive
            }
            boolean twice = at < expression.length() && "*+?{".indexOf(expression.charAt(at)) >= 0;
            if (twice || group && (unbounded || most > 2)) {
                return UNBOUNDED;
            }
            return atom.then(new Backtracking(unbounded ? 1 : 0, most));
        }
    }
}

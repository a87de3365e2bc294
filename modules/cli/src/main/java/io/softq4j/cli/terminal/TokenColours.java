package io.softq4j.cli.terminal;

import io.softq4j.common.Visible;
import io.softq4j.data.TokenisedText;

/**
 * Tokens as people read them on a terminal: what is scored in green, the rest dim, every other one underlined:
 * legible on black and on white. Control characters and marks of the text are shown escaped.
 *
 * @param colour whether the terminal has colours; else what is scored stands between ⟦ and ⟧
 */
public record TokenColours(boolean colour) {

    /** The name of what is scored, in its colour. */
    static final String SAMPLE = "\u001b[32mgreen\u001b[0m";

    private static final String[] SCORED = {"\u001b[32m", "\u001b[4;32m"};
    private static final String[] CONTEXT = {"\u001b[2m", "\u001b[2;4m"};
    private static final String RESET = "\u001b[0m";

    public String of(TokenisedText text) {
        StringBuilder out = new StringBuilder();
        boolean scored = false;
        int at = 0;
        for (TokenisedText.Token token : text.tokens()) {
            if (colour) {
                out.append(token.scored() ? SCORED[at % 2] : CONTEXT[at % 2]).append(Visible.betweenMarks(token.shown())).append(RESET);
            } else {
                if (token.scored() != scored) {
                    out.append(token.scored() ? Visible.SCORED : Visible.UNSCORED);
                }
                out.append(Visible.betweenMarks(token.shown()));
            }
            scored = token.scored();
            at++;
        }
        return out.append(!colour && scored ? Character.toString(Visible.UNSCORED) : "").toString();
    }
}

package io.softq4j.cli.pipeline;

import io.softq4j.data.TokenisedText;

/**
 * Tokens as people read them on a terminal: what is scored in green, the rest dim, neighbours told apart by brightness.
 *
 * @param colour whether the terminal has colours; else what is scored stands between ⟦ and ⟧
 */
public record TokenColours(boolean colour) {

    private static final String[] SCORED = {"\u001b[32m", "\u001b[92m"};
    private static final String[] CONTEXT = {"\u001b[90m", "\u001b[37m"};
    private static final String RESET = "\u001b[0m";

    public String of(TokenisedText text) {
        StringBuilder out = new StringBuilder();
        boolean scored = false;
        int at = 0;
        for (TokenisedText.Token token : text.tokens()) {
            if (colour) {
                out.append(token.scored() ? SCORED[at % 2] : CONTEXT[at % 2]).append(token.shown()).append(RESET);
            } else {
                if (token.scored() != scored) {
                    out.append(token.scored() ? '⟦' : '⟧');
                }
                out.append(token.shown());
            }
            scored = token.scored();
            at++;
        }
        return out.append(!colour && scored ? "⟧" : "").toString();
    }
}

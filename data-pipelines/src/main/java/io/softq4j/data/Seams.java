package io.softq4j.data;

import io.softq4j.data.render.Layout;
import io.softq4j.data.render.Shape;
import java.lang.Character.UnicodeScript;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Where a prompt ends and its response begins: two words in one there teach a model to write no space. */
final class Seams {

    private static final int SHOWN = 20;
    private static final String CLOSING = ")]}.,;:!?%\"'”’»";
    private static final Set<UnicodeScript> WITHOUT_SPACES = Set.of(UnicodeScript.HAN, UnicodeScript.HIRAGANA, UnicodeScript.KATAKANA, UnicodeScript.THAI,
            UnicodeScript.LAO, UnicodeScript.KHMER, UnicodeScript.MYANMAR, UnicodeScript.TIBETAN);

    private Seams() {
    }

    /** What to say of the first examples of a part, if all of them go on where the prompt ends without anything between. */
    static Optional<String> warning(List<TokenisedText> samples, Layout layout) {
        List<Optional<String>> joined = samples.stream().map(Seams::joined).toList();
        if (joined.isEmpty() || !joined.stream().allMatch(Optional::isPresent)) {
            return Optional.empty();
        }
        String advice = layout.shape() == Shape.PROMPT_COMPLETION
                ? "in place of data.columns set data.prompt to \"{" + layout.columns().get("prompt") + "}\\n\" and data.response to \"{"
                        + layout.columns().get("completion") + "}\""
                : "let data.prompt end with a space or a line, or data.response begin with one";
        return Optional.of("Prompt and response are joined without a space or a line between them: ..." + joined.get(0).get() + "... If they are not one "
                + "word, " + advice + ".");
    }

    /** The text around the first seam, if there a word follows a word. */
    private static Optional<String> joined(TokenisedText text) {
        for (int i = 1; i < text.tokens().size(); i++) {
            if (text.tokens().get(i).scored() && !text.tokens().get(i - 1).scored()) {
                String before = shown(text.tokens().subList(0, i));
                String after = shown(text.tokens().subList(i, text.tokens().size()));
                return !before.isEmpty() && !after.isEmpty() && ends(before.codePointBefore(before.length())) && begins(after.codePointAt(0))
                        ? Optional.of(before.substring(Math.max(0, before.length() - SHOWN)) + after.substring(0, Math.min(SHOWN, after.length())))
                        : Optional.empty();
            }
        }
        return Optional.empty();
    }

    private static String shown(List<TokenisedText.Token> tokens) {
        StringBuilder text = new StringBuilder();
        tokens.forEach(token -> text.append(token.shown()));
        return text.toString();
    }

    private static boolean ends(int codePoint) {
        return begins(codePoint) || CLOSING.indexOf(codePoint) >= 0;
    }

    private static boolean begins(int codePoint) {
        return Character.isLetterOrDigit(codePoint) && !WITHOUT_SPACES.contains(UnicodeScript.of(codePoint));
    }
}

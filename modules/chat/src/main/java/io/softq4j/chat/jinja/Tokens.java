package io.softq4j.chat.jinja;

import java.util.List;
import java.util.Locale;

/** The tokens of a template, read one by one. */
final class Tokens {

    /** Deeper than any template is written; far from what the stack can take. */
    private static final int DEEPEST = 100;

    private final List<Token> all;
    private int at;
    private int depth;

    Tokens(List<Token> all) {
        this.all = all;
    }

    Token peek() {
        return all.get(at);
    }

    Token next() {
        Token token = all.get(at);
        if (token.type() != Token.Type.END) {
            at++;
        }
        return token;
    }

    /** The token after the next. */
    Token second() {
        return all.get(Math.min(at + 1, all.size() - 1));
    }

    /** Where the token begins that was taken last. */
    int lastLine() {
        return at == 0 ? 1 : all.get(at - 1).line();
    }

    /** Takes it if it is the next. */
    boolean skip(String operatorOrName) {
        boolean found = peek().is(operatorOrName);
        if (found) {
            at++;
        }
        return found;
    }

    /** @throws TemplateError if the next is another */
    void expect(String operatorOrName) {
        if (!skip(operatorOrName)) {
            throw unexpected("'" + operatorOrName + "'");
        }
    }

    /** @throws TemplateError if the next is of another type */
    Token expect(Token.Type type) {
        if (peek().type() != type) {
            throw unexpected(type == Token.Type.TAG_END ? "%}" : type == Token.Type.PRINT_END ? "}}" : "a "
                    + type.name().toLowerCase(Locale.ROOT));
        }
        return next();
    }

    TemplateError unexpected(String expected) {
        return new TemplateError(peek().line(), "expected " + expected + ", found " + peek());
    }

    void enter() {
        if (++depth > DEEPEST) {
            throw new TemplateError(peek().line(), "the template is nested more than " + DEEPEST + " deep");
        }
    }

    void leave() {
        depth--;
    }
}

package io.softq4j.chat.jinja;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * A template to tokens, with Jinja's {@code trim_blocks} and {@code lstrip_blocks} on, as chat templates are written for: a line feed
 * after a tag or comment is dropped, and so is white space between the beginning of a line and a tag or comment. {@code -} inside a
 * delimiter drops all white space on that side, {@code +} keeps it. A line feed at the very end of the template is dropped.
 */
final class Lexer {

    private static final List<String> OPERATORS = List.of("//", "**", "==", "!=", ">=", "<=",
            "+", "-", "*", "/", "%", "~", "[", "]", "(", ")", "{", "}", ">", "<", "=", ".", ":", "|", ",", ";");

    private final String source;
    private final List<Token> tokens = new ArrayList<>();
    private int at;
    private int lineAt;
    private int line = 1;
    /** Whether what comes next begins a line, so that white space before a tag is only its indentation. */
    private boolean lineBegins = true;

    private Lexer(String source) {
        this.source = source;
    }

    /**
     * All tokens, the last one {@link Token.Type#END}.
     *
     * @throws TemplateError if a delimiter, string or bracket is not closed, or a character means nothing
     */
    static List<Token> tokens(String template) {
        String source = template.replace("\r\n", "\n").replace('\r', '\n');
        Lexer lexer = new Lexer(source.endsWith("\n") ? source.substring(0, source.length() - 1) : source);
        lexer.run();
        return lexer.tokens;
    }

    private void run() {
        while (at < source.length()) {
            int open = opening();
            if (open < 0) {
                add(Token.Type.TEXT, source.substring(at));
                at = source.length();
                break;
            }
            char kind = source.charAt(open + 1);
            char sign = charAt(open + 2);
            boolean signed = sign == '-' || sign == '+';
            String text = before(source.substring(at, open), kind, sign);
            if (!text.isEmpty()) {
                add(Token.Type.TEXT, text);
            }
            at = open + (signed ? 3 : 2);
            lineBegins = false;
            if (kind == '#') {
                comment();
            } else if (kind == '%' && word(skipSpace(at)).equals("raw") && isTagEnd(skipSpace(skipSpace(at) + 3))) {
                raw();
            } else {
                code(kind);
            }
        }
        add(Token.Type.END, "");
    }

    private int opening() {
        for (int i = source.indexOf('{', at); i >= 0; i = source.indexOf('{', i + 1)) {
            char next = charAt(i + 1);
            if (next == '{' || next == '%' || next == '#') {
                return i;
            }
        }
        return -1;
    }

    /** Plain text as it is after the delimiter behind it took its white space. */
    private String before(String text, char kind, char sign) {
        if (sign == '-') {
            return Strings.strip(text, false, true);
        } else if (sign != '+' && kind != '{') {
            int begin = text.lastIndexOf('\n') + 1;
            if ((begin > 0 || lineBegins) && Strings.strip(text.substring(begin), true, true).isEmpty()) {
                return text.substring(0, begin);
            }
        }
        return text;
    }

    private void comment() {
        int end = source.indexOf("#}", at);
        if (end < 0) {
            throw error("the comment is not closed; expected #}");
        }
        char sign = end > at ? source.charAt(end - 1) : 0;
        at = end + 2;
        after(sign, true);
    }

    private boolean isTagEnd(int place) {
        return source.startsWith("%}", place) || source.startsWith("-%}", place);
    }

    private void raw() {
        int end = skipSpace(skipSpace(at) + 3);
        boolean strips = source.charAt(end) == '-';
        at = strips ? skipSpace(end + 3) : end + 2;
        lineBegins = source.charAt(at - 1) == '\n';
        for (int open = source.indexOf("{%", at); open >= 0; open = source.indexOf("{%", open + 1)) {
            char sign = charAt(open + 2);
            int name = skipSpace(sign == '-' || sign == '+' ? open + 3 : open + 2);
            int close = skipSpace(name + "endraw".length());
            char endSign = charAt(close);
            int tag = endSign == '-' || endSign == '+' ? close + 1 : close;
            if (word(name).equals("endraw") && source.startsWith("%}", tag)) {
                String text = before(source.substring(at, open), '%', sign);
                if (!text.isEmpty()) {
                    add(Token.Type.TEXT, text);
                }
                at = tag + 2;
                after(endSign, true);
                return;
            }
        }
        throw error("{% raw %} is not closed; expected {% endraw %}");
    }

    /** White space behind a closing delimiter. */
    private void after(char sign, boolean dropsLineFeed) {
        if (sign == '-') {
            at = skipSpace(at);
        } else if (dropsLineFeed && sign != '+' && charAt(at) == '\n') {
            at++;
        }
        lineBegins = source.charAt(at - 1) == '\n';
    }

    private void code(char kind) {
        boolean tag = kind == '%';
        String close = tag ? "%}" : "}}";
        add(tag ? Token.Type.TAG_BEGIN : Token.Type.PRINT_BEGIN, "");
        int begun = currentLine();
        Deque<String> brackets = new ArrayDeque<>();
        while (true) {
            at = skipSpace(at);
            if (at == source.length()) {
                throw new TemplateError(begun, (tag ? "{%" : "{{") + " is not closed; expected " + close);
            }
            char c = source.charAt(at);
            boolean signed = (c == '-' || tag && c == '+') && source.startsWith(close, at + 1);
            if (brackets.isEmpty() && (signed || source.startsWith(close, at))) {
                add(tag ? Token.Type.TAG_END : Token.Type.PRINT_END, "");
                at += signed ? 3 : 2;
                after(signed ? c : 0, tag);
                return;
            }
            token(c, brackets);
        }
    }

    private void token(char c, Deque<String> brackets) {
        if (c == '\'' || c == '"') {
            string(c);
        } else if (c >= '0' && c <= '9') {
            number();
        } else if (!word(at).isEmpty()) {
            String name = word(at);
            add(Token.Type.NAME, name);
            at += name.length();
        } else {
            operator(brackets);
        }
    }

    private void operator(Deque<String> brackets) {
        for (String operator : OPERATORS) {
            if (source.startsWith(operator, at)) {
                int opens = "([{".indexOf(operator);
                int closes = ")]}".indexOf(operator);
                if (opens >= 0) {
                    brackets.push(")]}".substring(opens, opens + 1));
                } else if (closes >= 0 && (brackets.isEmpty() || !brackets.pop().equals(operator))) {
                    throw error("the bracket '" + operator + "' closes nothing");
                }
                add(Token.Type.OPERATOR, operator);
                at += operator.length();
                return;
            }
        }
        throw error("the character '" + Character.toString(source.codePointAt(at)) + "' means nothing here");
    }

    private void number() {
        int end = digits(at);
        Token.Type type = Token.Type.WHOLE_NUMBER;
        boolean field = at > 0 && source.charAt(at - 1) == '.';
        if (!field && charAt(end) == '.' && isDigit(charAt(end + 1))) {
            type = Token.Type.NUMBER;
            end = digits(end + 1);
        }
        int sign = charAt(end + 1) == '-' || charAt(end + 1) == '+' ? 1 : 0;
        if (!field && (charAt(end) == 'e' || charAt(end) == 'E') && isDigit(charAt(end + 1 + sign))) {
            type = Token.Type.NUMBER;
            end = digits(end + 1 + sign);
        }
        add(type, source.substring(at, end).replace("_", ""));
        at = end;
    }

    private int digits(int from) {
        int end = from;
        while (isDigit(charAt(end)) || charAt(end) == '_' && isDigit(charAt(end + 1))) {
            end++;
        }
        return end;
    }

    private void string(char quote) {
        StringBuilder text = new StringBuilder();
        int begun = currentLine();
        int i = at + 1;
        while (i < source.length() && source.charAt(i) != quote) {
            if (source.charAt(i) == '\\' && i + 1 < source.length()) {
                i = escape(i + 1, text);
            } else {
                text.append(source.charAt(i++));
            }
        }
        if (i >= source.length()) {
            throw new TemplateError(begun, "the string that begins with " + quote + " is not closed");
        }
        tokens.add(new Token(Token.Type.STRING, text.toString(), begun));
        at = i + 1;
    }

    /** As in a string of Python; a backslash before anything else stays. Returns the place behind it. */
    private int escape(int i, StringBuilder text) {
        char c = source.charAt(i);
        int simple = "ntrabfv\\'\"".indexOf(c);
        if (c == '\n') {
            return i + 1;
        } else if (simple >= 0) {
            text.append("\n\t\r\u0007\b\f\u000b\\'\"".charAt(simple));
            return i + 1;
        } else if (c >= '0' && c <= '7') {
            int end = i;
            while (end < i + 3 && charAt(end) >= '0' && charAt(end) <= '7') {
                end++;
            }
            text.append((char) Integer.parseInt(source.substring(i, end), 8));
            return end;
        } else if (c == 'x' || c == 'u' || c == 'U') {
            int end = i + 1 + (c == 'x' ? 2 : c == 'u' ? 4 : 8);
            String digits = end <= source.length() ? source.substring(i + 1, end) : "";
            if (!digits.matches("[0-9a-fA-F]+") || Long.parseLong(digits, 16) > Character.MAX_CODE_POINT) {
                throw error("the escape \\" + c + " needs " + (end - i - 1) + " hexadecimal digits of a character");
            }
            text.appendCodePoint((int) Long.parseLong(digits, 16));
            return end;
        }
        text.append('\\').append(c);
        return i + 1;
    }

    private String word(int from) {
        int end = from;
        while (end < source.length() && Character.isUnicodeIdentifierPart(source.charAt(end))
                && !Character.isIdentifierIgnorable(source.charAt(end))) {
            end++;
        }
        return end > from && (source.charAt(from) == '_' || Character.isUnicodeIdentifierStart(source.charAt(from)))
                ? source.substring(from, end) : "";
    }

    private int skipSpace(int from) {
        int i = Math.min(from, source.length());
        while (i < source.length() && Strings.isSpace(source.charAt(i))) {
            i++;
        }
        return i;
    }

    private char charAt(int place) {
        return place < source.length() ? source.charAt(place) : 0;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private void add(Token.Type type, String text) {
        tokens.add(new Token(type, text, currentLine()));
    }

    private int currentLine() {
        for (; lineAt < at; lineAt++) {
            line += source.charAt(lineAt) == '\n' ? 1 : 0;
        }
        return line;
    }

    private TemplateError error(String message) {
        return new TemplateError(currentLine(), message);
    }
}

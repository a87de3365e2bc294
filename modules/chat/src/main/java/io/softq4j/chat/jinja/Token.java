package io.softq4j.chat.jinja;

/**
 * A piece of a template.
 *
 * @param type what it is
 * @param text of a name, an operator or plain text; the value of a string; the digits of a number
 * @param line where it begins, from 1
 */
record Token(Type type, String text, int line) {

    /** What a token is. */
    enum Type {
        TEXT, PRINT_BEGIN, PRINT_END, TAG_BEGIN, TAG_END, NAME, STRING, WHOLE_NUMBER, NUMBER, OPERATOR, END
    }

    boolean is(String operatorOrName) {
        return (type == Type.OPERATOR || type == Type.NAME) && text.equals(operatorOrName);
    }

    /** For messages. */
    @Override
    public String toString() {
        return switch (type) {
            case TEXT -> "plain text";
            case PRINT_BEGIN -> "{{";
            case PRINT_END -> "}}";
            case TAG_BEGIN -> "{%";
            case TAG_END -> "%}";
            case END -> "the end of the template";
            case STRING -> "the string '" + text + "'";
            default -> "'" + text + "'";
        };
    }
}

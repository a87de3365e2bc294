package io.softq4j.chat.jinja;

/** What is wrong with a template, or with what it does to these messages. */
public final class TemplateError extends RuntimeException {

    /** A message may quote what the template made. */
    private static final int LONGEST = 500;

    private final int line;

    TemplateError(String message) {
        this(0, message);
    }

    TemplateError(int line, String message) {
        super(message.length() <= LONGEST ? message : message.substring(0, LONGEST) + "...", null, false, false);
        this.line = line;
    }

    /** The line of the template, from 1; 0 if it is not known. */
    public int line() {
        return line;
    }
}

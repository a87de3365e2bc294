package io.softq4j.chat.jinja;

/** One rendering: what it may still do, and where in the template it is. */
final class Run {

    private static final String CAUSE = "; likely it never ends, or the conversation is of the length of a book";

    private final Limits limits;
    private long steps;
    private long characters;
    private int depth;
    private int line;

    Run(Limits limits) {
        this.limits = limits;
        this.steps = limits.steps();
        this.characters = limits.characters();
    }

    void at(int templateLine) {
        line = templateLine;
    }

    int line() {
        return line;
    }

    void step() {
        steps(1);
    }

    void steps(long count) {
        steps -= count;
        if (steps < 0) {
            throw new TemplateError("it does more than " + limits.steps() + " steps" + CAUSE);
        }
    }

    /** Before text of that many characters is made. Copying counts as work, too. */
    void characters(long count) {
        characters -= count;
        if (characters < 0 || count < 0) {
            throw new TemplateError("it makes more than " + limits.characters() + " characters of text" + CAUSE);
        }
    }

    /** Before a list of that many items is made. */
    void items(long count) {
        steps(count);
        characters(Limits.ITEM * count);
    }

    void enter() {
        if (++depth > limits.depth()) {
            throw new TemplateError("it is nested more than " + limits.depth() + " deep; a macro that calls itself without end, "
                    + "or a list of lists");
        }
    }

    void leave() {
        depth--;
    }
}

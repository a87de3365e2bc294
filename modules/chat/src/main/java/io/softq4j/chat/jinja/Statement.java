package io.softq4j.chat.jinja;

/** What writes text or sets variables. */
interface Statement {

    /** What comes next. */
    enum Flow {
        NEXT, BREAK, CONTINUE
    }

    Flow run(Scope scope, StringBuilder out);
}

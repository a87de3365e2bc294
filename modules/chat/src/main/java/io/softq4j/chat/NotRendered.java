package io.softq4j.chat;

import io.softq4j.common.UserError;

/** A conversation that says something a chat template does not write, so that a model would never see it. */
public final class NotRendered extends UserError {

    private static final long serialVersionUID = 1;

    private final String field;

    NotRendered(String field, String what) {
        super(what);
        this.field = field;
    }

    /** The field that is not written, such as {@code tool_calls}. */
    public String field() {
        return field;
    }
}

package io.softq4j.data.row;

import io.softq4j.common.UserError;

/** A row that cannot be read; the reader goes on behind it when asked for the next. */
public final class RowError extends UserError {

    private final DropReason reason;
    private final long line;

    public RowError(DropReason reason, String file, long line, String what) {
        super(file + ":" + line + ": " + what);
        this.reason = reason;
        this.line = line;
    }

    public DropReason reason() {
        return reason;
    }

    /** From 1. */
    public long line() {
        return line;
    }
}

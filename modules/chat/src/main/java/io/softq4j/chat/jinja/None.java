package io.softq4j.chat.jinja;

/** Python's None. */
public enum None {
    NONE;

    @Override
    public String toString() {
        return "None";
    }
}

package io.softq4j.data.chat.jinja;

/** Python's None. */
public enum None {
    NONE;

    @Override
    public String toString() {
        return "None";
    }
}

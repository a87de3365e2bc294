package io.softq4j.data;

/** What happens at a row that cannot be read: malformed JSON, a field that is missing, text that is not Unicode. */
public enum OnError {
    /** Preparation stops and names the row. */
    FAIL,
    /** The row is left out and counted. */
    SKIP
}

package io.softq4j.data;

/** Which rows are left out because they came before; each is counted. */
public enum Dedupe {
    /** None. */
    NONE,
    /** Those whose text is the same to the letter. */
    EXACT,
    /** Those whose text is nearly the same, and the exact ones. */
    NEAR
}

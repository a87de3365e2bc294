package io.softq4j.data;

/** What happens to an example of more than {@code max_length} tokens; each is counted. */
public enum OverLength {
    /** Left out. */
    DROP,
    /** Loses its end, EOS included, so that the model is not taught to stop there. Left out if nothing of the response remains. */
    TRUNCATE,
    /** Preparation stops. */
    FAIL
}

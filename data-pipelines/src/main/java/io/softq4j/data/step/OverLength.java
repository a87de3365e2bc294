package io.softq4j.data.step;

/** What happens to an example of more than {@code max_length} tokens; each is counted. */
public enum OverLength {
    /** Left out. */
    DROP,
    /** Loses tokens, see {@link TruncationMode}. Left out if nothing of the response remains. */
    TRUNCATE,
    /** Preparation stops. */
    FAIL
}

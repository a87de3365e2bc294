package io.softq4j.common;

/** When a mixture of corpora or stores ends; the names are those of Hugging Face's {@code interleave_datasets}. */
public enum StoppingStrategy {
    /** With the first corpus that has no more rows: nothing is repeated, the others lose what is left of them. */
    FIRST_EXHAUSTED,
    /** When every corpus has been read to its end: nothing is lost, the shorter ones begin again. */
    ALL_EXHAUSTED
}

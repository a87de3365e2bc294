package io.softq4j.data.read;

/** What of a plain text file is a row. */
public enum SampleBy {
    /** A line; blank ones are passed over. */
    LINE,
    /** The lines between blank ones. */
    PARAGRAPH,
    /** The file. */
    DOCUMENT
}

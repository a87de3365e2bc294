package io.softq4j.chat;

/** What of a conversation is learnt. */
public enum TrainOn {
    /** Every turn of the assistant. */
    COMPLETION,
    /** The last turn of the assistant only; for templates that write earlier turns otherwise, such as those that drop their thinking. */
    LAST_TURN,
    /** Everything but the token that begins the text. */
    ALL
}

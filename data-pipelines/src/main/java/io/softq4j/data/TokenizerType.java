package io.softq4j.data;

/** Where the tokenizer comes from. */
public enum TokenizerType {
    /** Byte-level BPE, trained on the prompts and responses of the training corpus. */
    TRAIN,
    /** A {@code tokenizer.json} in Hugging Face's format. */
    FILE
}

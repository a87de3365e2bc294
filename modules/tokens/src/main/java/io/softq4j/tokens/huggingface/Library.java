package io.softq4j.tokens.huggingface;

/** What is asked of Hugging Face's library. */
interface Library {

    /** The ids of a text, no special token added. */
    int[] encode(String text);

    /** Where each of them begins, in code points; -1 where that is not known. */
    int[] starts(String text);

    /** The text of ids without the special ones. */
    String decode(int[] ids);
}

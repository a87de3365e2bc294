package io.softq4j.generation;

/** Why a continuation ended. */
public enum FinishReason {

    /** The model gave a token that ends a text. */
    EOS("stop"),

    /** One of the stop strings appeared. */
    STOP_STRING("stop"),

    /** {@code max_new_tokens} or the context was reached. */
    LENGTH("length"),

    /** The one who asked for it ended it. */
    STOPPED("abort");

    private final String key;

    FinishReason(String key) {
        this.key = key;
    }

    /**
     * {@code stop}, {@code length} or {@code abort}, as {@code finish_reason} of the OpenAI API and of Hugging Face's inference servers has
     * it.
     */
    public String key() {
        return key;
    }
}

package io.softq4j.tokens;

import io.softq4j.common.UserError;

/** A text on which a regular expression of the tokenizer takes more steps than Hugging Face's library allows: the fault of one row. */
public final class TokenizerExhausted extends UserError {

    private static final long serialVersionUID = 1;

    /** For one text. */
    public TokenizerExhausted(String message, Throwable cause) {
        super(message, cause);
    }
}

package io.softq4j.data.row;

import java.util.Locale;

/** Why a row of the corpus is not in the store. */
public enum DropReason {
    MALFORMED_JSON("not a JSON object"),
    MALFORMED_CSV("a quoted field does not end where its quote ends"),
    RAGGED_ROW("more or fewer fields than the header"),
    ROW_TOO_LONG("more than 64 MiB"),
    INVALID_UTF8("not UTF-8"),
    MISSING_FIELD("a field of the templates is missing"),
    NOT_TEXT("a field of the templates is null, a list, an object, or not Unicode"),
    FILTERED("left out by keep_matching, drop_matching or a filter of the user's"),
    NOT_RENDERED("cannot be rendered: no conversation, or the template refuses it or does not write all of it"),
    NOT_TOKENIZED("a regular expression of the tokenizer takes too many steps on it"),
    TRANSFORM_FAILED("a transform of the user's failed on it"),
    DUPLICATE("the same text came before"),
    NEAR_DUPLICATE("nearly the same text came before"),
    CONTAMINATED("shares a run of words with the evaluation corpus"),
    EMPTY_RESPONSE("the response is blank, or every answer masked: there is nothing to learn"),
    END_TOKEN_IN_RESPONSE("the response spells the token that ends a response"),
    TOO_SHORT("fewer than min_length tokens"),
    TOO_LONG("more than max_length tokens"),
    PROMPT_TOO_LONG("the prompt alone fills max_length, nothing of the response would remain");

    private final String meaning;

    DropReason(String meaning) {
        this.meaning = meaning;
    }

    /** As it is spelled in manifests, such as {@code too_long}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** For people. */
    public String meaning() {
        return meaning;
    }
}

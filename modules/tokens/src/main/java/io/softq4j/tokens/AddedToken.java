package io.softq4j.tokens;

/**
 * A token that is found in text as it is spelled, before anything else is done.
 *
 * @param id         its id
 * @param content    its spelling
 * @param special    whether decoding leaves it out
 * @param normalized whether it is looked for after the text has been normalised, else before
 */
public record AddedToken(int id, String content, boolean special, boolean normalized) {
}

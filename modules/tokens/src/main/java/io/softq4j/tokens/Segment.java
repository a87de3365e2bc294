package io.softq4j.tokens;

/**
 * A stretch of a rendered example.
 *
 * @param text   what is tokenised
 * @param scored whether the model is to learn to write it; else it is what the model is given
 */
public record Segment(String text, boolean scored) {
}

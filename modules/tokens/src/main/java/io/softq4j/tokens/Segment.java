package io.softq4j.tokens;

/**
 * A segment is a part of a rendered example that is either scored or not scored.
 *
 * @param text    what is tokenised
 * @param scored  whether the model is to learn to write it; else it is what the model is given
 * @param answers whether it begins where a model begins to write: everything before it is a prompt
 */
public record Segment(String text, boolean scored, boolean answers) {

    /** A prompt, or the response to what stands before it. */
    public Segment(String text, boolean scored) {
        this(text, scored, scored);
    }
}

package io.softq4j.data.step;

/** Which tokens of an example stay when it is cut; the names are TRL's. */
public enum TruncationMode {
    /** The first ones. The response loses its end, EOS included, so that the model is not taught to stop there. */
    KEEP_START,
    /** The last ones, the end of the response among them; what is lost is the beginning, first of the prompt. */
    KEEP_END
}

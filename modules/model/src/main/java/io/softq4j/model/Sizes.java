package io.softq4j.model;

import io.softq4j.common.PythonFloat;
import io.softq4j.common.UserError;

/**
 * Checks of what a {@code config.json} says, by the key that says it. Sizes beyond any model that was ever published are mistakes: they are
 * refused before a graph is built or anything allocated.
 */
final class Sizes {

    /** Blocks of a stack: the deepest transformers had a thousand (Wang et al. 2022, arXiv 2203.00555). */
    static final int MOST_LAYERS = 1000;
    static final int MOST_HEADS = 1 << 16;
    static final int MOST_WIDTH = 1 << 20;
    static final int MOST_TOKENS = 1 << 28;

    private Sizes() {
    }

    /** Ids in a vocabulary, or tokens of a context. */
    static void tokens(String key, int value, int least) {
        within(key, value, least, MOST_TOKENS);
    }

    /** Elements of a vector. */
    static void width(String key, int value, int least) {
        within(key, value, least, MOST_WIDTH);
    }

    static void heads(String key, int value) {
        within(key, value, 1, MOST_HEADS);
    }

    /** Elements of all heads together. */
    static void allHeads(String heads, int count, String width, int each) {
        if ((long) count * each > MOST_WIDTH) {
            throw new UserError(heads + " times " + width + " must be at most " + MOST_WIDTH + ", was " + count + " times " + each
                    + ": no model is that large, so likely a value is a mistake");
        }
    }

    static void layers(String key, int value) {
        within(key, value, 1, MOST_LAYERS);
    }

    private static void within(String key, int value, int least, int most) {
        if (value < least) {
            throw new UserError(key + " must be at least " + least + ", was " + value);
        }
        if (value > most) {
            throw new UserError(key + " must be at most " + most + ", was " + value + ": no model is that large, so likely the value is a "
                    + "mistake");
        }
    }

    static void positive(String key, double value) {
        if (!(value > 0 && Double.isFinite(value))) {
            throw new UserError(key + " must be a number above 0, was " + PythonFloat.str(value));
        }
    }
}

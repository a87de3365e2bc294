package io.softq4j.model;

import io.softq4j.common.UserError;

/** Checks of what a {@code config.json} says, by the key that says it. */
final class Sizes {

    private Sizes() {
    }

    static void atLeast(String key, int value, int least) {
        if (value < least) {
            throw new UserError(key + " must be at least " + least + ", was " + value);
        }
    }

    static void positive(String key, double value) {
        if (!(value > 0 && Double.isFinite(value))) {
            throw new UserError(key + " must be a number above 0, was " + value);
        }
    }
}

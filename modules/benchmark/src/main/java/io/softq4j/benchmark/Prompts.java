package io.softq4j.benchmark;

import io.softq4j.common.Streams;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** The prompts that both sides of {@link Decode} continue. */
final class Prompts {

    /** Sequences side by side. */
    static final int ROWS = 16;
    /** Tokens of a prompt. */
    static final int LENGTH = 16;
    /** Tokens that are added to each. */
    static final int NEW_TOKENS = 256;

    private static final long SEED = 7;

    private Prompts() {
    }

    /** Random tokens, {@value #ROWS} rows of {@value #LENGTH}. */
    static List<int[]> of(ModelShape shape) {
        SplittableRandom random = Streams.of("benchmark's prompts", SEED);
        List<int[]> prompts = new ArrayList<>();
        for (int row = 0; row < ROWS; row++) {
            prompts.add(random.ints(LENGTH, 0, shape.vocabulary()).toArray());
        }
        return prompts;
    }
}

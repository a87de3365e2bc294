package io.softq4j.benchmark;

import io.softq4j.common.Streams;
import java.util.SplittableRandom;

/**
 * The batch that every engine trains on, the same in every process: random tokens, whole rows, no padding. The first {@value #PROMPT} targets of a
 * row are not scored, as the prompt of an example is not.
 *
 * @param inputs  {@code [B T]} token ids
 * @param targets {@code [B T]} the token to predict at each position
 * @param scored  {@code [B T]} whether it counts
 */
public record TokenRows(int[] inputs, int[] targets, boolean[] scored) {

    private static final int PROMPT = 4;
    private static final long SEED = 20240901;

    /** The batch of a shape. */
    public static TokenRows of(ModelShape shape) {
        SplittableRandom random = Streams.of("benchmark's batch", SEED);
        int n = shape.tokens();
        int[] inputs = new int[n];
        int[] targets = new int[n];
        boolean[] scored = new boolean[n];
        for (int row = 0; row < shape.rows(); row++) {
            int token = random.nextInt(shape.vocabulary());
            for (int t = 0; t < shape.length(); t++) {
                int i = row * shape.length() + t;
                inputs[i] = token;
                token = random.nextInt(shape.vocabulary());
                targets[i] = token;
                scored[i] = t >= PROMPT;
            }
        }
        return new TokenRows(inputs, targets, scored);
    }
}

package io.softq4j.model;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Picks the next token from one row of logits: greedy, or temperature, then top-k, then top-p, as Hugging Face orders them. */
final class Sampler {

    private final GenerationConfig config;
    private final int[] order;
    private final double[] weights;

    Sampler(GenerationConfig config, int vocabulary) {
        this.config = config;
        this.order = new int[vocabulary];
        this.weights = new double[vocabulary];
    }

    /** The token with the highest logit, the lowest id where several have it. */
    static int greedy(float[] logits) {
        int best = 0;
        for (int k = 1; k < logits.length; k++) {
            if (logits[k] > logits[best]) {
                best = k;
            }
        }
        return best;
    }

    int next(float[] logits, SplittableRandom random) {
        if (!config.doSample()) {
            return greedy(logits);
        }
        int kept = candidates(logits);
        double total = 0;
        for (int i = 0; i < kept; i++) {
            total += weights[i];
        }
        double draw = random.nextDouble() * total;
        for (int i = 0; i < kept; i++) {
            draw -= weights[i];
            if (draw < 0) {
                return order[i];
            }
        }
        return order[kept - 1];
    }

    /** Fills {@code order} and {@code weights} with the tokens that may be drawn. @return how many */
    private int candidates(float[] logits) {
        double max = logits[greedy(logits)];
        int n = logits.length;
        boolean sorted = config.topK() > 0 && config.topK() < n || config.topP() < 1;
        if (sorted) {
            Integer[] byLogit = new Integer[n];
            for (int k = 0; k < n; k++) {
                byLogit[k] = k;
            }
            Arrays.sort(byLogit, (a, b) -> Float.compare(logits[b], logits[a]));
            for (int k = 0; k < n; k++) {
                order[k] = byLogit[k];
            }
            n = config.topK() > 0 ? Math.min(n, config.topK()) : n;
        } else {
            for (int k = 0; k < n; k++) {
                order[k] = k;
            }
        }
        double total = 0;
        for (int i = 0; i < n; i++) {
            weights[i] = Math.exp((logits[order[i]] - max) / config.temperature());
            total += weights[i];
        }
        if (config.topP() < 1) {
            double reached = 0;
            for (int i = 0; i < n; i++) {
                reached += weights[i];
                if (reached >= config.topP() * total) {
                    return i + 1;
                }
            }
        }
        return n;
    }
}

package io.softq4j.generation;

import java.util.SplittableRandom;

/** Picks the next token. */
sealed interface Sampler {

    int next(Candidates candidates, SplittableRandom random);

    /** The token of the highest score, the lowest id where several have it. */
    record Greedy() implements Sampler {
        @Override
        public int next(Candidates candidates, SplittableRandom random) {
            int best = 0;
            for (int i = 1; i < candidates.count(); i++) {
                if (candidates.score(i) > candidates.score(best)) {
                    best = i;
                }
            }
            return candidates.id(best);
        }
    }

    /** A draw from softmax(scores), by inversion: one random number a token. */
    record Multinomial() implements Sampler {
        @Override
        public int next(Candidates candidates, SplittableRandom random) {
            double[] weights = candidates.weights();
            double draw = random.nextDouble() * candidates.total();
            int last = 0;
            for (int i = 0; i < candidates.count(); i++) {
                if (weights[i] > 0) {
                    draw -= weights[i];
                    last = i;
                    if (draw < 0) {
                        break;
                    }
                }
            }
            return candidates.id(last);
        }
    }
}

package io.softq4j.model;

import io.softq4j.common.UserError;
import java.util.Arrays;

/**
 * How the frequencies of rotary positions are changed for contexts longer than the model was first trained with; Hugging Face's
 * {@code rope_scaling}.
 */
public sealed interface RopeScaling {

    /** The changed frequencies, in radians a position, of those in {@code frequencies}. */
    double[] scaled(double[] frequencies);

    /** {@code default}: the frequencies as they are. */
    record None() implements RopeScaling {
        @Override
        public double[] scaled(double[] frequencies) {
            return frequencies.clone();
        }
    }

    /**
     * {@code linear}: position interpolation (Chen et al. 2023, arXiv 2306.15595, eq. 4).
     *
     * @param factor what positions are divided by, at least 1
     */
    record Linear(double factor) implements RopeScaling {

        public Linear {
            requireFactor(factor);
        }

        @Override
        public double[] scaled(double[] frequencies) {
            return Arrays.stream(frequencies).map(f -> f / factor).toArray();
        }
    }

    /**
     * {@code llama3}, as Llama 3.1 has it (Dubey et al. 2024, arXiv 2407.21783, and the model's published configuration). With n the number
     * of turns a frequency makes in the original context: divided by {@code factor} where n is below {@code lowFreqFactor}, left where it
     * is above {@code highFreqFactor}, and a mean of both in between, weighted linearly in n.
     *
     * @param factor                        at least 1
     * @param lowFreqFactor                 in turns
     * @param highFreqFactor                in turns, above {@code lowFreqFactor}
     * @param originalMaxPositionEmbeddings the original context, in tokens
     */
    record Llama3(double factor, double lowFreqFactor, double highFreqFactor, int originalMaxPositionEmbeddings) implements RopeScaling {

        public Llama3 {
            requireFactor(factor);
            if (!(lowFreqFactor > 0 && highFreqFactor > lowFreqFactor && Double.isFinite(highFreqFactor))) {
                throw new UserError("low_freq_factor must be above 0 and below high_freq_factor, were " + lowFreqFactor + " and "
                        + highFreqFactor);
            }
            if (originalMaxPositionEmbeddings < 1) {
                throw new UserError("original_max_position_embeddings must be at least 1, was " + originalMaxPositionEmbeddings);
            }
        }

        @Override
        public double[] scaled(double[] frequencies) {
            return Arrays.stream(frequencies).map(this::scaled).toArray();
        }

        private double scaled(double frequency) {
            double turns = originalMaxPositionEmbeddings * frequency / (2 * Math.PI);
            double kept = Math.min(1, Math.max(0, (turns - lowFreqFactor) / (highFreqFactor - lowFreqFactor)));
            return kept * frequency + (1 - kept) * frequency / factor;
        }
    }

    private static void requireFactor(double factor) {
        if (!(factor >= 1 && Double.isFinite(factor))) {
            throw new UserError("factor must be at least 1, was " + factor);
        }
    }
}

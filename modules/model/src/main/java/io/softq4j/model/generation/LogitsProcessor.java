package io.softq4j.model.generation;

/** Changes the scores of the tokens that may come next, or leaves some out. */
sealed interface LogitsProcessor {

    /** Applies it. @param ids the tokens so far, prompt included, of which the first {@code length} count */
    void apply(Candidates candidates, int[] ids, int length);

    /**
     * Makes tokens of prompt and continuation less probable (CTRL, Keskar et al. 2019, arXiv 1909.05858, section 4.1): a positive score is divided by
     * the penalty, a negative one multiplied with it, once however often the token is there. The first of all.
     */
    record RepetitionPenalty(double penalty) implements LogitsProcessor {
        @Override
        public void apply(Candidates candidates, int[] ids, int length) {
            for (int i = 0; i < length; i++) {
                float logit = candidates.logits()[ids[i]]; // not the score, which may have had its penalty
                candidates.score(ids[i], (float) (logit > 0 ? logit / penalty : logit * penalty));
            }
        }
    }

    /** Divides scores: softmax(z / T). */
    record Temperature(double temperature) implements LogitsProcessor {
        @Override
        public void apply(Candidates candidates, int[] ids, int length) {
            candidates.divide(temperature);
        }
    }

    /** The k best tokens (Fan et al. 2018, arXiv 1805.04833), and those as good as the last of them. */
    record TopK(int k) implements LogitsProcessor {
        @Override
        public void apply(Candidates candidates, int[] ids, int length) {
            if (k < candidates.count()) {
                candidates.keep(Threshold.reaching(k, candidates.scores(), null, candidates.count()).score(), Double.POSITIVE_INFINITY);
            }
        }
    }

    /**
     * The smallest set of the most probable tokens whose probabilities sum up to at least p (nucleus sampling, Holtzman et al. 2020, arXiv 1904.09751,
     * equation 2); of tokens as probable as the last of it those of the lowest ids.
     */
    record TopP(double p) implements LogitsProcessor {
        @Override
        public void apply(Candidates candidates, int[] ids, int length) {
            double target = p * candidates.total();
            Threshold threshold = Threshold.reaching(target, candidates.scores(), candidates.weights(), candidates.count());
            candidates.keep(threshold.score(), target - threshold.above());
        }
    }

    /** The tokens that have at least this share of the probability of the most probable (Nguyen et al. 2024, arXiv 2407.01082). */
    record MinP(double share) implements LogitsProcessor {
        @Override
        public void apply(Candidates candidates, int[] ids, int length) {
            candidates.keep((float) (candidates.max() + StrictMath.log(share)), Double.POSITIVE_INFINITY);
        }
    }
}

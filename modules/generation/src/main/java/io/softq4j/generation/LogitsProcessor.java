package io.softq4j.generation;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Changes the scores of the tokens that may come next, or leaves some out. {@link TokenRules} has those that forbid and force tokens. */
interface LogitsProcessor {

    /** Applies it. @param so the sequence so far, prompt included */
    void apply(Candidates candidates, Continuation so);

    /** What is done to the logits of one token, in Hugging Face's order. @param eosIds tokens that end a text */
    static List<LogitsProcessor> of(GenerationConfig config, Set<Integer> eosIds) {
        List<LogitsProcessor> all = new ArrayList<>();
        add(all, config.repetitionPenalty() != 1, new RepetitionPenalty(config.repetitionPenalty()));
        all.addAll(TokenRules.of(config, eosIds));
        if (config.samples()) {
            add(all, config.temperature() != 1, new Temperature(config.temperature()));
            add(all, config.topK() > 0, new TopK(config.topK()));
            add(all, config.topP() < 1, new TopP(config.topP()));
            add(all, config.minP() > 0, new MinP(config.minP()));
            add(all, config.typicalP() < 1, new Typical(config.typicalP()));
            add(all, config.epsilonCutoff() > 0, new Epsilon(config.epsilonCutoff()));
            add(all, config.etaCutoff() > 0, new Eta(config.etaCutoff()));
        }
        add(all, config.renormalizeLogits() && config.numBeams() > 1, new Renormalize());
        return all;
    }

    private static void add(List<LogitsProcessor> all, boolean wanted, LogitsProcessor processor) {
        if (wanted) {
            all.add(processor);
        }
    }

    /**
     * Makes tokens of prompt and continuation less probable (CTRL, Keskar et al. 2019, arXiv 1909.05858, section 4.1): a positive score is
     * divided by the penalty, a negative one multiplied with it, once however often the token is there. The first of all.
     */
    record RepetitionPenalty(double penalty) implements LogitsProcessor {
        @Override
        public void apply(Candidates candidates, Continuation so) {
            for (int i = 0; i < so.length(); i++) {
                float logit = candidates.logits()[so.ids()[i]]; // not the score, which may have had its penalty
                candidates.score(so.ids()[i], (float) (logit > 0 ? logit / penalty : logit * penalty));
            }
        }
    }

    /** Divides scores: softmax(z / T). */
    record Temperature(double temperature) implements LogitsProcessor {
        @Override
        public void apply(Candidates candidates, Continuation so) {
            candidates.divide(temperature);
        }
    }

    /** The k best tokens (Fan et al. 2018, arXiv 1805.04833), and those as good as the last of them. */
    record TopK(int k) implements LogitsProcessor {
        @Override
        public void apply(Candidates candidates, Continuation so) {
            if (k < candidates.count()) {
                candidates.keep(Threshold.reaching(k, candidates.scores(), null, candidates.count()).score(), Double.POSITIVE_INFINITY);
            }
        }
    }

    /**
     * The smallest set of the most probable tokens whose probabilities sum up to at least p (nucleus sampling, Holtzman et al. 2020, arXiv
     * 1904.09751, equation 2); of tokens as probable as the last of it those of the lowest ids.
     */
    record TopP(double p) implements LogitsProcessor {
        @Override
        public void apply(Candidates candidates, Continuation so) {
            double target = p * candidates.total();
            Threshold threshold = Threshold.reaching(target, candidates.scores(), candidates.weights(), candidates.count());
            candidates.keep(threshold.score(), target - threshold.above());
        }
    }

    /** The tokens that have at least this share of the probability of the most probable (Nguyen et al. 2024, arXiv 2407.01082). */
    record MinP(double share) implements LogitsProcessor {
        @Override
        public void apply(Candidates candidates, Continuation so) {
            candidates.keep((float) (candidates.max() + StrictMath.log(share)), Double.POSITIVE_INFINITY);
        }
    }

    /**
     * The tokens whose -log p is nearest to the entropy, as few as reach p together, and those as near as the last of them (Meister et al.
     * 2022, arXiv 2202.00666).
     */
    record Typical(double p) implements LogitsProcessor {
        @Override
        public void apply(Candidates candidates, Continuation so) {
            double entropy = candidates.entropy();
            double logTotal = StrictMath.log(candidates.total());
            float max = candidates.max();
            float[] near = new float[candidates.count()]; // the nearer, the greater
            for (int i = 0; i < near.length; i++) {
                near[i] = (float) -Math.abs(logTotal - (candidates.score(i) - max) - entropy);
            }
            float least = Threshold.reaching(p * candidates.total(), near, candidates.weights(), near.length).score();
            candidates.retain(i -> near[i] >= least);
        }
    }

    /** The tokens of at least this probability, and the most probable (Hewitt et al. 2022, arXiv 2210.15191, section 4). */
    record Epsilon(double epsilon) implements LogitsProcessor {
        @Override
        public void apply(Candidates candidates, Continuation so) {
            candidates.keep((float) Math.min(candidates.max(), candidates.max() + StrictMath.log(epsilon * candidates.total())),
                    Double.POSITIVE_INFINITY);
        }
    }

    /** The same with min(epsilon, sqrt(epsilon) exp(-entropy)) for epsilon: eta sampling, there too. */
    record Eta(double epsilon) implements LogitsProcessor {
        @Override
        public void apply(Candidates candidates, Continuation so) {
            new Epsilon(Math.min(epsilon, Math.sqrt(epsilon) * StrictMath.exp(-candidates.entropy()))).apply(candidates, so);
        }
    }

    /** Scores become log-probabilities again. The last of all. */
    record Renormalize() implements LogitsProcessor {
        @Override
        public void apply(Candidates candidates, Continuation so) {
            candidates.subtract(candidates.max() + StrictMath.log(candidates.total()));
        }
    }
}

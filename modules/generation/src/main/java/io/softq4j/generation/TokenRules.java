package io.softq4j.generation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/** The {@link LogitsProcessor}s that forbid and force tokens, each named after its key in {@code generation_config.json}. */
final class TokenRules {

    private TokenRules() {
    }

    /** Those that {@code config} asks for, in Hugging Face's order. */
    static List<LogitsProcessor> of(GenerationConfig config, Set<Integer> eosIds) {
        List<LogitsProcessor> rules = new ArrayList<>();
        if (config.noRepeatNgramSize() > 0) {
            rules.add(new NoRepeatNgram(config.noRepeatNgramSize()));
        }
        // a word that is one end token is not forbidden
        config.badWordsIds().stream().filter(word -> word.size() > 1 || !eosIds.contains(word.get(0)))
                .forEach(word -> rules.add(new BadWord(word.stream().mapToInt(Integer::intValue).toArray())));
        if (config.minLength() > 0 && config.minNewTokens() == 0) {
            rules.add(new MinLength(config.minLength(), eosIds));
        }
        if (config.minNewTokens() > 0) {
            rules.add(new MinNewTokens(config.minNewTokens(), eosIds));
        }
        config.forcedBosTokenId().ifPresent(id -> rules.add(new ForcedBos(id)));
        if (!config.forcedEosTokenId().isEmpty()) {
            rules.add(new ForcedEos(config.forcedEosTokenId()));
        }
        if (!config.exponentialDecayLengthPenalty().isEmpty()) {
            List<Double> penalty = config.exponentialDecayLengthPenalty();
            rules.add(new ExponentialDecay(penalty.get(0), penalty.get(1), eosIds));
        }
        if (!config.suppressTokens().isEmpty()) {
            rules.add(new Suppress(config.suppressTokens()));
        }
        if (!config.beginSuppressTokens().isEmpty()) {
            rules.add(new BeginSuppress(config.beginSuppressTokens(), config.forcedBosTokenId().isPresent()));
        }
        return rules;
    }

    private static void forbid(Candidates candidates, Collection<Integer> ids) {
        ids.forEach(id -> candidates.score(id, Float.NEGATIVE_INFINITY));
    }

    /** Forbids what would end a run of n tokens that is there already. */
    record NoRepeatNgram(int n) implements LogitsProcessor {
        @Override
        public void apply(Candidates candidates, Continuation so) {
            int begin = so.length() - (n - 1);
            for (int i = 0; i + n <= so.length(); i++) {
                if (Arrays.equals(so.ids(), i, i + n - 1, so.ids(), begin, so.length())) {
                    candidates.score(so.ids()[i + n - 1], Float.NEGATIVE_INFINITY);
                }
            }
        }
    }

    /** Forbids the last token of a sequence after the others. */
    record BadWord(int[] ids) implements LogitsProcessor {
        @Override
        public void apply(Candidates candidates, Continuation so) {
            int before = ids.length - 1;
            if (before <= so.length() && Arrays.equals(ids, 0, before, so.ids(), so.length() - before, so.length())) {
                candidates.score(ids[before], Float.NEGATIVE_INFINITY);
            }
        }
    }

    /** Forbids to end before the sequence has a length, prompt included. */
    record MinLength(int length, Set<Integer> eosIds) implements LogitsProcessor {
        @Override
        public void apply(Candidates candidates, Continuation so) {
            if (so.length() < length) {
                forbid(candidates, eosIds);
            }
        }
    }

    /** Forbids the end tokens before there are n new tokens. */
    record MinNewTokens(int tokens, Set<Integer> eosIds) implements LogitsProcessor {
        @Override
        public void apply(Candidates candidates, Continuation so) {
            if (so.made() < tokens) {
                forbid(candidates, eosIds);
            }
        }
    }

    /** The second token of a sequence. */
    record ForcedBos(int id) implements LogitsProcessor {
        @Override
        public void apply(Candidates candidates, Continuation so) {
            if (so.length() == 1) {
                candidates.force(List.of(id));
            }
        }
    }

    /** The last token there is room for. */
    record ForcedEos(List<Integer> ids) implements LogitsProcessor {
        @Override
        public void apply(Candidates candidates, Continuation so) {
            if (so.room() == 1) {
                candidates.force(ids);
            }
        }
    }

    /** Raises the scores of the tokens that end a text by |score| (factor^k - 1), k tokens beyond the start. */
    record ExponentialDecay(double start, double factor, Set<Integer> eosIds) implements LogitsProcessor {
        @Override
        public void apply(Candidates candidates, Continuation so) {
            double beyond = so.made() - start;
            if (beyond > 0) {
                for (int id : eosIds) {
                    float score = candidates.score(id);
                    if (Float.isFinite(score)) {
                        candidates.score(id, (float) (score + Math.abs(score) * (StrictMath.pow(factor, beyond) - 1)));
                    }
                }
            }
        }
    }

    /** Forbids tokens. */
    record Suppress(List<Integer> ids) implements LogitsProcessor {
        @Override
        public void apply(Candidates candidates, Continuation so) {
            forbid(candidates, ids);
        }
    }

    /** Forbids tokens as the first new one, or, where that is forced, as the one after it. */
    record BeginSuppress(List<Integer> ids, boolean forcedBos) implements LogitsProcessor {
        @Override
        public void apply(Candidates candidates, Continuation so) {
            if (so.made() == (forcedBos && so.begun() <= 1 ? 1 : 0)) {
                forbid(candidates, ids);
            }
        }
    }
}

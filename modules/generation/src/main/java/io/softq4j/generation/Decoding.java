package io.softq4j.generation;

import io.softq4j.common.UserError;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** Chooses the tokens of continuations of one prompt, in rows of a session that are its own. */
sealed interface Decoding permits SampledDecoding, BeamDecoding {

    /**
     * What all decodings share.
     *
     * @param eosIds tokens that end a text
     * @param text   of token ids
     * @param tokens of text that a calculator writes; null where there is none
     */
    record Context(DecodingSession session, GenerationConfig config, Set<Integer> eosIds, Function<int[], String> text,
            Generator.TokensAfter tokens) {

        /** Without a calculator. */
        Context(DecodingSession session, GenerationConfig config, Set<Integer> eosIds, Function<int[], String> text) {
            this(session, config, eosIds, text, null);
        }

        /** A continuation of {@code prompt} to begin in {@code row}. */
        Continuation start(int row, int[] prompt) {
            int[] first = session.start(row, prompt);
            return new Continuation(first, Math.min(config.newTokens(first.length), session.capacity() - first.length));
        }

        List<LogitsProcessor> processors() {
            return LogitsProcessor.of(config, eosIds);
        }

        /** Applies them. @throws UserError if they leave no token */
        void apply(List<LogitsProcessor> processors, Candidates candidates, Continuation so, int prompt) {
            candidates.begin();
            processors.forEach(processor -> processor.apply(candidates, so));
            if (!processors.isEmpty() && candidates.max() == Float.NEGATIVE_INFINITY) {
                throw new UserError("no token may come after " + so.made() + " new tokens of prompt " + (prompt + 1)
                        + ": the settings that forbid and "
                        + "force tokens leave none (generation.suppress_tokens, bad_words_ids, no_repeat_ngram_size, min_length and "
                        + "their like)");
            }
        }

        Transcript transcript(Continuation of) {
            return new Transcript(new TextStream(text, of.begun()), config.stopStrings());
        }

        /** Entropy of the distribution the row predicts. @throws UserError if it is none */
        double entropy(int row, int prompt) {
            double entropy = session.entropy(row);
            if (Double.isNaN(entropy)) {
                throw new UserError("the model gives no numbers (NaN) after " + session.length(row) + " tokens of prompt " + (prompt + 1)
                        + ": its weights are damaged, most likely because the training diverged. Use an earlier checkpoint, or train with "
                        + "a lower "
                        + "learning rate.");
            }
            return entropy;
        }
    }

    /** The rows it has, to be given to another when it is done. */
    int[] rows();

    /** Feeds each row that has a token to read. */
    void feed();

    /** Looks at what the model says of them. Others may do so at the same time. @param memory for the candidates of one token */
    void advance(Candidates memory);

    /** Whether it has read its prompt and chosen a token. */
    boolean hasRead();

    /** Ends it where it is. */
    void stop();

    boolean isDone();

    /** Tells what is new, and keeps what is finished in {@code done}, by number of the continuation. */
    void tell(GenerationListener listener, Completion[] done);
}

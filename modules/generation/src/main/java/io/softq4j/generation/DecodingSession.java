package io.softq4j.generation;

import io.softq4j.graph.Lowering;
import io.softq4j.model.LanguageModel;

/**
 * A model that reads sequences token by token, several side by side in rows, each over its own cache. The one thing a search knows of a
 * model: for an encoder-decoder, {@link #start} is where the prompt is encoded, and the decoder's tokens, positions and caches are what the
 * rest speaks of.
 *
 * <p>To use: {@link #start} rows, {@link #feed} each that is to go on its next token, {@link #step}, read what is predicted; again. Methods
 * that name different rows may be called by several threads at once, except {@link #start}.
 */
public interface DecodingSession extends AutoCloseable {

    /**
     * The least capacity for prompts and their continuations, which are cut off where the context ends.
     *
     * @param longestPrompt tokens, below the model's context
     * @param maxNewTokens  longest continuation
     */
    static int capacity(LanguageModel model, int longestPrompt, int maxNewTokens) {
        return model.graph().readsSource() ? Math.max(longestPrompt, maxNewTokens)
                : longestPrompt + Math.min(model.config().contextLength() - longestPrompt, maxNewTokens);
    }

    /**
     * For a model.
     *
     * @param capacity longest sequence, prompt included, at most the model's context; of an encoder-decoder, where the one is no part of
     *                 the other, longest prompt and longest continuation; see {@link #capacity(LanguageModel, int, int)}
     * @param rows     sequences side by side
     * @throws IllegalArgumentException   if the capacity exceeds the context
     * @throws io.softq4j.common.UserError if caches for these numbers of rows and tokens are larger than an array may be
     */
    static DecodingSession of(LanguageModel model, int capacity, int rows) {
        return of(model, capacity, rows, Lowering.best());
    }

    /** With the ops of {@code lowering}; else as {@link #of(LanguageModel, int, int)}. */
    static DecodingSession of(LanguageModel model, int capacity, int rows, Lowering lowering) {
        return model.graph().readsSource() ? new EncoderDecoderSession(model, capacity, rows, lowering)
                : new DecoderSession(model, capacity, rows, lowering);
    }

    /** Sequences side by side. */
    int rows();

    /** V. */
    int vocabulary();

    /** Longest sequence of tokens that the decoder reads or predicts. */
    int capacity();

    /**
     * Looks whether a prompt can be started with room for a token.
     *
     * @param name of the prompt, for the message
     * @throws io.softq4j.common.UserError if it is too long, or empty and there is no encoder, which reads an empty one as the token that
     *                                     ends it
     */
    void requireRoom(String name, int[] prompt);

    /**
     * Begins a sequence in a row, whatever was there before. What caches hold of it already need not be fed again: see {@link #length}.
     *
     * @return the ids the decoder reads before it predicts the first new token, at least one: of a decoder the prompt itself
     */
    int[] start(int row, int[] prompt);

    /** How many tokens of the sequence the row's cache holds; less than {@link #start} returned after it. */
    int length(int row);

    /** Has the row read its next token, at position {@link #length}, in the next {@link #step}. */
    void feed(int row, int token);

    /** Runs the model once for all rows that were fed. */
    void step();

    /** Logits {@code [V]} of the token after the one the row has just read. */
    void logits(int row, float[] into);

    /** Logarithm of the sum of the exponentials of those logits. */
    double logSumExp(int row);

    /** Entropy of their softmax, nats; NaN where the model gives no numbers. */
    double entropy(int row);

    /** Has {@code to} go on as {@code from} would: its cache becomes a copy. Both were started with the same prompt. */
    void copy(int from, int to);

    /** Frees the caches. */
    @Override
    void close();
}

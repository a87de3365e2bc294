package io.softq4j.model;

import io.softq4j.graph.plan.Plan;
import java.util.List;
import java.util.Map;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * The same model for one new token in each of B sequences, with the keys and values of the tokens before it as inputs.
 *
 * <p>C is the capacity of the cache. Placeholders: {@link #TOKENS} and {@link #POSITIONS} int32 {@code [B]}; for each layer the two caches
 * {@code [B, G, C, K]}; and what the cache holds: where the graph has an op that writes the cache, {@link #LENGTHS} int32 {@code [B]}, the
 * number of tokens cached, -1 for a row to be left out; else {@link #MASK} {@code [B, 1, 1, C]}, 0 where the cache holds a token of the
 * sequence, else very negative. A decoder that attends to an encoder's output has also {@link #sources} and
 * {@link ModelGraph#SOURCE_ATTENTION_MASK} {@code [B, S]}, 1 where the sequence's source has a token, else 0.
 *
 * <p>Values are named, as a {@link Plan} knows them.
 *
 * @param graph  shares its parameters with the graph it was derived from
 * @param logits {@code [B, V]}, predicting the token after the new one
 * @param logSumExp {@code [B]}, of the logits: logits less it are log-probabilities
 * @param entropy {@code [B]}, of softmax(logits), nats
 * @param caches for each layer and each of key and value: what to feed and what comes out
 * @param heads  G, heads of keys and of values
 * @param width  K
 * @param sources for each layer the placeholder of the keys and values of an encoder's output, {@code [B S, 2 G K]}; none where there is no
 *                encoder
 */
public record DecoderGraph(SameDiff graph, String logits, String logSumExp, String entropy, List<Cache> caches, int heads, int width,
                           List<String> sources) {

    public static final String TOKENS = "tokens";
    public static final String POSITIONS = "positions";
    public static final String LENGTHS = "lengths";
    public static final String MASK = "mask";

    /**
     * One cache.
     *
     * @param past    placeholder, {@code [B, G, C, K]}
     * @param present key or value of the new token, {@code [B, G, 1, K]}, to be put into the cache; null where the graph does it
     */
    public record Cache(String past, String present) {

        Cache(SDVariable past, SDVariable present) {
            this(past.name(), present == null ? null : present.name());
        }
    }

    /** Plans a step. @param shapes of the placeholders */
    public Plan plan(Map<String, long[]> shapes, List<String> outputs) {
        return Plan.compile(graph, shapes, outputs);
    }
}

package io.softq4j.model;

import io.softq4j.graph.plan.PlanCache;
import java.util.List;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * The encoder of the same model, for what each decoding step reads of B sources of S tokens. Placeholders: {@link ModelGraph#SOURCE_IDS},
 * {@link ModelGraph#SOURCE_POSITION_IDS} and {@link ModelGraph#SOURCE_ATTENTION_MASK}.
 *
 * @param graph         shares its parameters with the graph it was derived from
 * @param keysAndValues for each decoder layer the name of the keys and values of the encoder's output side by side, {@code [B S, 2 H K]},
 *                      to be fed as {@link DecoderGraph#sources}
 * @param tokens        what the model adds to texts
 */
public record EncoderGraph(SameDiff graph, List<String> keysAndValues, EncoderDecoderTokens tokens) {

    /**
     * No plans yet, of any shapes.
     *
     * @param <K> what a plan is for
     */
    public <K> PlanCache<K> plans() {
        return new PlanCache<>(graph);
    }
}

package io.softq4j.model;

/**
 * Attention to a window of the last tokens, which is not computed here: what {@code config.json} says of it is refused where it would leave
 * out a token of the context.
 */
final class SlidingWindow {

    /** Hugging Face's defaults where the fields are absent; null is no window. */
    private static final int ABSENT = 4096;
    private static final int FULL_LAYERS_ABSENT = 28;

    private static final String WINDOW = "sliding_window";
    private static final String TYPES = "layer_types";
    private static final String SLIDES = "sliding_attention";

    private SlidingWindow() {
    }

    /**
     * Refuses a window that is shorter than the context, if a layer slides.
     *
     * @param context the longest sequence
     * @param layers  how many there are
     */
    static void requireNone(LlamaVariant variant, ConfigJson json, int context, int layers) {
        boolean byLayer = variant == LlamaVariant.QWEN2 || variant == LlamaVariant.QWEN3;
        boolean used = !byLayer || json.flag("use_sliding_window", false);
        boolean given = variant == LlamaVariant.LLAMA ? json.has(WINDOW) : json.has(WINDOW) || !json.contains(WINDOW);
        boolean slides = used && given && (!byLayer || slides(json, layers));
        if (!(slides && byLayer)) {
            json.requireAll(TYPES, "full_attention");
        } else if (!json.lists(TYPES, SLIDES) && json.has(TYPES)) {
            json.requireAll(TYPES, "full_attention");
        }
        json.requireOnePerLayer(TYPES, "num_hidden_layers");
        if (!slides) {
            return;
        }
        int window = json.integer(WINDOW, ABSENT);
        if (window < 1) {
            throw json.error(WINDOW + " must be at least 1, or null for attention to the whole context, was " + window);
        }
        if (window < context) {
            throw json.error(WINDOW + " is " + window + " with max_position_embeddings " + context + "; attention to a window of the "
                    + "context is not supported. Set max_position_embeddings to " + window
                    + " to use the model with that context: up to it "
                    + "both are the same.");
        }
    }

    private static boolean slides(ConfigJson json, int layers) {
        return json.has(TYPES) ? json.lists(TYPES, SLIDES) : json.integer("max_window_layers", FULL_LAYERS_ABSENT) < layers;
    }
}

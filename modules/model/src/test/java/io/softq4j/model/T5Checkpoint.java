package io.softq4j.model;

import io.softq4j.model.weights.Safetensors;
import io.softq4j.model.weights.Tensor;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A tiny checkpoint with the names and shapes of Hugging Face's files, written out here, and random weights, gains too. V 11, D 12, F 10.
 *
 * @param encoderLayers {@code num_layers}
 * @param decoderLayers {@code num_decoder_layers}
 * @param heads         H
 * @param headDim       K
 * @param buckets       {@code relative_attention_num_buckets}
 * @param maxDistance   {@code relative_attention_max_distance}
 * @param gated         whether {@code feed_forward_proj} is gated-gelu, else it is relu
 * @param tied          whether the file has no output layer
 * @param fields        more of {@code config.json}, each with a comma in front
 */
public record T5Checkpoint(int encoderLayers, int decoderLayers, int heads, int headDim, int buckets, int maxDistance, boolean gated,
        boolean tied,
                           String fields) {

    static final int VOCABULARY = 11;
    static final int WIDTH = 12;
    static final int INNER = 10;
    static final double EPSILON = 1e-6;

    /** As the first T5: some distances are beyond the greatest. */
    public static final T5Checkpoint T5 = new T5Checkpoint(2, 2, 3, 4, 8, 6, false, true, ", \"relative_attention_num_buckets\": 8, "
            + "\"relative_attention_max_distance\": 6, \"n_positions\": 4, \"output_past\": true, \"task_specific_params\": "
            + "{\"summarization\": "
            + "{\"early_stopping\": true, \"num_beams\": 4}}");

    /** As T5 v1.1 and Flan-T5, with heads narrower than the model. */
    public static final T5Checkpoint FLAN = new T5Checkpoint(3, 1, 2, 3, 16, 10, true, false,
            ", \"num_decoder_layers\": 1, \"feed_forward_proj\": "
            + "\"gated-gelu\", \"dense_act_fn\": \"gelu_new\", \"is_gated_act\": true, \"tie_word_embeddings\": false, "
            + "\"relative_attention_num_buckets\": 16, \"relative_attention_max_distance\": 10");

    /** With heads wider than the model, and what is usual left out. */
    public static final T5Checkpoint DEEP = new T5Checkpoint(1, 2, 4, 5, 32, 128, true, true,
            ", \"num_decoder_layers\": 2, \"feed_forward_proj\": \"gated-gelu\"");

    public static final List<T5Checkpoint> ALL = List.of(T5, FLAN, DEEP);

    String config() {
        return "{\"architectures\": [\"T5ForConditionalGeneration\"], \"model_type\": \"t5\", \"is_encoder_decoder\": true, "
                + "\"vocab_size\": " + VOCABULARY
                + ", \"d_model\": " + WIDTH + ", \"d_kv\": " + headDim + ", \"d_ff\": " + INNER + ", \"num_layers\": " + encoderLayers
                + ", \"num_heads\": " + heads + ", \"dropout_rate\": 0.1, \"initializer_factor\": 1.0, \"layer_norm_epsilon\": " + EPSILON
                + ", \"pad_token_id\": 0, \"eos_token_id\": 1, \"decoder_start_token_id\": 0, \"use_cache\": true, "
                + "\"transformers_version\": \"4.51.0\"" + fields + "}";
    }

    Map<String, List<Integer>> shapes() {
        Map<String, List<Integer>> shapes = new LinkedHashMap<>();
        shapes.put("shared.weight", List.of(VOCABULARY, WIDTH));
        stack(shapes, "encoder", encoderLayers);
        stack(shapes, "decoder", decoderLayers);
        if (!tied) {
            shapes.put("lm_head.weight", List.of(VOCABULARY, WIDTH));
        }
        return shapes;
    }

    private void stack(Map<String, List<Integer>> shapes, String stack, int blocks) {
        boolean decoder = stack.equals("decoder");
        shapes.put(stack + ".block.0.layer.0.SelfAttention.relative_attention_bias.weight", List.of(buckets, heads));
        for (int i = 0; i < blocks; i++) {
            String block = stack + ".block." + i + ".layer.";
            attention(shapes, block + "0", "SelfAttention");
            if (decoder) {
                attention(shapes, block + "1", "EncDecAttention");
            }
            String last = block + (decoder ? 2 : 1);
            shapes.put(last + ".layer_norm.weight", List.of(WIDTH));
            for (String name : gated ? List.of("wi_0", "wi_1") : List.of("wi")) {
                shapes.put(last + ".DenseReluDense." + name + ".weight", List.of(INNER, WIDTH));
            }
            shapes.put(last + ".DenseReluDense.wo.weight", List.of(WIDTH, INNER));
        }
        shapes.put(stack + ".final_layer_norm.weight", List.of(WIDTH));
    }

    private void attention(Map<String, List<Integer>> shapes, String layer, String kind) {
        int inner = heads * headDim;
        shapes.put(layer + ".layer_norm.weight", List.of(WIDTH));
        for (String name : List.of("q", "k", "v")) {
            shapes.put(layer + "." + kind + "." + name + ".weight", List.of(inner, WIDTH));
        }
        shapes.put(layer + "." + kind + ".o.weight", List.of(WIDTH, inner));
    }

    /** Random weights: around 1 for gains, else around 0. */
    Map<String, float[]> weights() {
        Random random = new Random(3);
        Map<String, float[]> weights = new LinkedHashMap<>();
        shapes().forEach((name, shape) -> {
            float[] values = new float[shape.stream().reduce(1, Math::multiplyExact)];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) (name.contains("norm") ? 1 + 0.3 * random.nextGaussian() : 0.4 * random.nextGaussian());
            }
            weights.put(name, values);
        });
        return weights;
    }

    Map<String, double[]> exactWeights() {
        Map<String, double[]> exact = new LinkedHashMap<>();
        weights().forEach((name, values) -> {
            double[] row = new double[values.length];
            Arrays.setAll(row, i -> values[i]);
            exact.put(name, row);
        });
        return exact;
    }

    List<Tensor> tensors() {
        Map<String, float[]> weights = weights();
        return shapes().entrySet().stream().map(e -> new Tensor(e.getKey(), e.getValue(), FloatBuffer.wrap(weights.get(e.getKey()))))
                .toList();
    }

    /** Writes {@code config.json} and {@code model.safetensors}. */
    public void write(Path directory) throws IOException {
        Files.writeString(directory.resolve("config.json"), config());
        Safetensors.write(directory.resolve("model.safetensors"), tensors());
    }

    @Override
    public String toString() {
        return encoderLayers + " + " + decoderLayers + " layers, H " + heads + " K " + headDim + (gated ? " gated" : " relu")
                + (tied ? " tied" : " untied");
    }
}

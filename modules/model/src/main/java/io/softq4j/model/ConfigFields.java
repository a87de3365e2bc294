package io.softq4j.model;

import io.softq4j.common.UserError;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of every field of Hugging Face's configurations, in versions 4 and 5 of transformers: read by a family, refused by its name
 * unless it has a value that the family computes, or without effect on what is computed. The readers of the families and the table in
 * docs/models.md have it from here. A field of none of these is one that the library's classes do not know either, which then changes
 * nothing: it is named once.
 */
final class ConfigFields {

    private static final String GPT2 = "gpt2";
    private static final String NEOX = "gpt_neox";
    private static final String LLAMA = "llama";
    private static final String MISTRAL = "mistral";
    private static final String QWEN2 = "qwen2";
    private static final String QWEN3 = "qwen3";
    private static final String T5 = "t5";
    private static final List<String> LLAMAS = List.of(LLAMA, MISTRAL, QWEN2, QWEN3);
    private static final List<String> CAUSAL = List.of(GPT2, NEOX, LLAMA, MISTRAL, QWEN2, QWEN3);
    private static final List<String> ALL = List.of(GPT2, NEOX, LLAMA, MISTRAL, QWEN2, QWEN3, T5);

    /** Model type to field to the values it may have, as {@link ConfigJson#word} writes them. */
    private static final Map<String, Map<String, Set<String>>> REFUSED = new TreeMap<>();
    private static final Map<String, Set<String>> READ = new TreeMap<>();
    private static final Map<String, Set<String>> IGNORED = new TreeMap<>();

    private static final Logger LOG = LoggerFactory.getLogger(ConfigFields.class);
    private static final Set<String> NAMED = ConcurrentHashMap.newKeySet();

    static {
        sizes();
        rotaryPositions();
        attention();
        layers();
        elsewhere();
        notOfTheModel();
    }

    private ConfigFields() {
    }

    private static void sizes() {
        read(ALL, "model_type", "vocab_size", "tie_word_embeddings", "bos_token_id", "eos_token_id");
        read(GPT2, "n_positions", "n_embd", "n_layer", "n_head", "n_inner", "layer_norm_epsilon", "initializer_range");
        read(GPT2, "max_position_embeddings", "hidden_size", "num_hidden_layers", "num_attention_heads"); // the library's other names
        read(NEOX, "max_position_embeddings", "hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads",
        "layer_norm_eps",
                "initializer_range");
        read(LLAMAS, "max_position_embeddings", "hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads",
                "num_key_value_heads",
                "head_dim", "rms_norm_eps", "initializer_range");
        read(T5, "d_model", "d_kv", "d_ff", "num_layers", "num_decoder_layers", "num_heads", "relative_attention_num_buckets",
                "relative_attention_max_distance", "layer_norm_epsilon", "initializer_factor", "scale_decoder_outputs", "pad_token_id",
                "decoder_start_token_id");
        read(T5, "hidden_size", "head_dim", "num_hidden_layers", "num_attention_heads"); // the library's other names
        refused(NEOX, "num_key_value_heads", "null");
        refused(NEOX, "head_dim", "null");
    }

    private static void rotaryPositions() {
        read(List.of(NEOX, LLAMA, MISTRAL, QWEN2, QWEN3), "rope_parameters", "rope_scaling", "rope_theta",
                "original_max_position_embeddings",
                "partial_rotary_factor");
        read(NEOX, "rotary_pct", "rotary_emb_base");
        refused(LLAMAS, "rope_interleaved", "false", "null");
    }

    private static void attention() {
        refused(CAUSAL, "is_causal", "true");
        refused(T5, "is_causal"); // true for the encoder, false for the decoder: either value would change one of them
        read(ALL, "layer_types");
        read(LLAMAS, "sliding_window");
        refused(List.of(GPT2, NEOX, T5), "sliding_window", "null");
        read(List.of(QWEN2, QWEN3), "use_sliding_window", "max_window_layers");
        ignored(List.of(GPT2, NEOX, LLAMA, MISTRAL, T5), "use_sliding_window", "max_window_layers");
        refused(ALL, "attention_chunk_size", "null");
        refused(ALL, "num_kv_shared_layers", "null", "0");
        refused(ALL, "pruned_heads", "null", "empty");
        refused(GPT2, "scale_attn_weights", "true");
        refused(GPT2, "scale_attn_by_inverse_layer_idx", "false", "null");
        ignored(GPT2, "reorder_and_upcast_attn");
        refused(GPT2, "add_cross_attention", "false", "null");
        read(NEOX, "attention_bias", "use_parallel_residual");
        refused(LLAMAS, "attention_bias", "false", "null");
        for (String field : List.of("query_pre_attn_scalar", "attn_logit_softcapping", "clip_qkv", "attention_multiplier")) {
            refused(LLAMAS, field, "null");
        }
        refused(LLAMAS, "use_qk_norm", "false", "null");
        refused(LLAMAS, "qk_layernorm", "false", "null");
        refused(T5, "scalable_attention", "false", "null");
        refused(T5, "encoder_attention_type", "null");
    }

    private static void layers() {
        read(GPT2, "activation_function");
        read(NEOX, "hidden_act");
        refused(LLAMAS, "hidden_act", "silu", "swish");
        read(T5, "feed_forward_proj", "dense_act_fn", "is_gated_act");
        refused(LLAMAS, "mlp_bias", "false", "null");
        refused(ALL, "per_layer_config", "null", "empty");
        refused(ALL, "num_experts", "null");
        refused(ALL, "num_local_experts", "null");
        for (String field : List.of("logit_scale", "logits_scaling", "embedding_multiplier", "residual_multiplier")) {
            refused(LLAMAS, field, "1.0", "null");
        }
        refused(LLAMAS, "final_logit_softcapping", "null");
        refused(T5, "is_encoder_decoder", "true");
        refused(CAUSAL, "is_encoder_decoder", "false", "null");
        refused(T5, "is_decoder", "false", "null");
        refused(T5, "tie_encoder_decoder", "false", "null");
    }

    /** What says that the model lies in other files, or in another form. */
    private static void elsewhere() {
        refused(ALL, "quantization_config", "null");
        refused(ALL, "configuration_files", "empty");
        refused(ALL, "transformers_weights", "null");
        refused(ALL, "fusion_config", "null", "empty");
    }

    private static void notOfTheModel() {
        // training
        ignored(GPT2, "resid_pdrop", "embd_pdrop", "attn_pdrop", "summary_type", "summary_use_proj", "summary_activation",
                "summary_proj_to_labels",
                "summary_first_dropout", "n_ctx");
        ignored(NEOX, "attention_dropout", "hidden_dropout", "classifier_dropout");
        ignored(LLAMAS, "attention_dropout", "pretraining_tp");
        ignored(T5, "dropout_rate", "classifier_dropout", "n_positions", "output_past");
        // of every model
        ignored(ALL, "architectures", "transformers_version", "dtype", "torch_dtype", "use_cache", "output_hidden_states",
                "output_attentions",
                "return_dict", "return_dict_in_generate", "chunk_size_feed_forward", "id2label", "label2id", "num_labels", "problem_type",
                "tie_last_hidden_states", "name_or_path", "_name_or_path", "_commit_hash", "attn_implementation", "_attn_implementation",
                "_attn_implementation_autoset", "experts_implementation", "distributed_config", "gradient_checkpointing", "auto_map",
                "torchscript",
                "use_bfloat16", "tf_legacy_loss", "finetuning_task", "task_specific_params", "tokenizer_class", "prefix", "sep_token_id",
                "cross_attention_hidden_size");
        ignored(CAUSAL, "pad_token_id", "decoder_start_token_id", "is_decoder", "tie_encoder_decoder");
        ignored(List.of(NEOX, LLAMA, MISTRAL, QWEN2, QWEN3, T5), "add_cross_attention");
        // generation, which has a file of its own
        ignored(ALL, "max_length", "max_new_tokens", "min_length", "min_new_tokens", "early_stopping", "max_time", "stop_strings",
                "do_sample", "num_beams",
                "num_beam_groups", "penalty_alpha", "dola_layers", "cache_implementation", "cache_config", "temperature", "top_k", "top_p",
                "min_p", "top_h",
                "typical_p", "epsilon_cutoff", "eta_cutoff", "diversity_penalty", "repetition_penalty", "encoder_repetition_penalty",
                "length_penalty",
                "no_repeat_ngram_size", "bad_words_ids", "force_words_ids", "renormalize_logits", "constraints", "forced_bos_token_id",
                "forced_eos_token_id", "remove_invalid_values", "exponential_decay_length_penalty", "suppress_tokens",
                "begin_suppress_tokens",
                "sequence_bias", "token_healing", "guidance_scale", "low_memory", "watermarking_config", "num_return_sequences",
                "output_scores",
                "output_logits", "encoder_no_repeat_ngram_size", "num_assistant_tokens", "num_assistant_tokens_schedule",
                "assistant_confidence_threshold", "prompt_lookup_num_tokens", "max_matching_ngram_size", "assistant_early_exit",
                "assistant_lookbehind", "target_lookbehind", "compile_config", "disable_compile", "use_mtp", "prefill_chunk_size",
                "is_assistant", "continuous_batching_config", "assistant_ensemble_weight", "max_cache_len", "return_legacy_cache",
                "speculation_type");
        // notes of tools
        ignored(ALL, "transformers.js_config", "is_llama_config", "unsloth_version", "unsloth_fixed");
    }

    private static void read(Collection<String> types, String... fields) {
        types.forEach(type -> READ.computeIfAbsent(type, t -> new TreeSet<>()).addAll(List.of(fields)));
    }

    private static void read(String type, String... fields) {
        read(List.of(type), fields);
    }

    private static void ignored(Collection<String> types, String... fields) {
        types.forEach(type -> IGNORED.computeIfAbsent(type, t -> new TreeSet<>()).addAll(List.of(fields)));
    }

    private static void ignored(String type, String... fields) {
        ignored(List.of(type), fields);
    }

    private static void refused(Collection<String> types, String field, String... but) {
        types.forEach(type -> REFUSED.computeIfAbsent(type, t -> new TreeMap<>()).put(field, new TreeSet<>(Arrays.asList(but))));
    }

    private static void refused(String type, String field, String... but) {
        refused(List.of(type), field, but);
    }

    /** The fields that the reader of a family reads. */
    static Set<String> read(String modelType) {
        return READ.get(modelType);
    }

    /** Whether the table says what becomes of a field. */
    static boolean knows(String modelType, String field) {
        return READ.get(modelType).contains(field) || REFUSED.get(modelType).containsKey(field) || IGNORED.get(modelType).contains(field);
    }

    /**
     * Refuses the fields that would compute another model, and names those that nobody knows.
     *
     * @throws UserError naming the field, its value and the values that are supported
     */
    static void check(String modelType, ConfigJson json) {
        REFUSED.get(modelType).forEach((field, values) -> {
            if (json.contains(field) && !values.contains(json.word(field))) {
                if (values.isEmpty()) {
                    throw json.error(field + " is " + json.word(field) + ", which is not supported; without it another model would be "
                            + "computed.");
                }
                throw json.unsupported(field, values.stream().filter(value -> values.size() == 1 || !value.equals("null"))
                        .map(value -> value.equals("empty") ? "an empty one" : value).collect(Collectors.joining(" or ")));
            }
        });
        List<String> unknown = json.names().stream().filter(field -> !knows(modelType, field) && !field.startsWith("_") && json.says(field))
                .toList();
        if (!unknown.isEmpty() && NAMED.add(json.file() + " " + unknown)) {
            LOG.warn("{} has fields that transformers' configuration of {} does not have, and that change nothing here either: {}",
                    json.file(), modelType,
                    String.join(", ", unknown));
        }
    }

    /** The table of docs/models.md: fields of which the same becomes share a line. */
    static String table() {
        Map<String, List<String>> byUse = new TreeMap<>();
        Stream.of(READ.values(), IGNORED.values(), REFUSED.values().stream().map(Map::keySet).toList()).flatMap(Collection::stream)
                .flatMap(Set::stream)
                .distinct().sorted().forEach(field -> byUse.computeIfAbsent(use(field), use -> new ArrayList<>()).add("`" + field + "`"));
        return "| fields | what becomes of them |\n|---|---|\n" + byUse.entrySet().stream()
                .map(e -> "| " + String.join(", ", e.getValue()) + " | " + e.getKey() + " |\n").collect(Collectors.joining());
    }

    private static String use(String field) {
        String read = families(READ, field);
        String ignored = families(IGNORED, field);
        return Stream.of(read.isEmpty() ? "" : "read: " + read, refusals(field), ignored.isEmpty() ? "" : "without effect: " + ignored)
                .filter(part -> !part.isEmpty()).collect(Collectors.joining("; "));
    }

    private static String families(Map<String, Set<String>> fields, String field) {
        return families(fields.entrySet().stream().filter(e -> e.getValue().contains(field)).map(Map.Entry::getKey).toList());
    }

    private static String refusals(String field) {
        Map<Set<String>, List<String>> byValues = new TreeMap<>((a, b) -> a.toString().compareTo(b.toString()));
        REFUSED.forEach((type, fields) -> Optional.ofNullable(fields.get(field))
                .ifPresent(values -> byValues.computeIfAbsent(values, v -> new ArrayList<>()).add(type)));
        return byValues.entrySet().stream().map(e -> "refused unless " + (e.getKey().isEmpty() ? "absent" : String.join(" or ", e.getKey()))
                + ": " + families(e.getValue())).collect(Collectors.joining("; "));
    }

    private static String families(List<String> types) {
        return types.containsAll(ALL) ? "all" : types.containsAll(CAUSAL) ? "all but t5" : String.join(", ", types);
    }
}

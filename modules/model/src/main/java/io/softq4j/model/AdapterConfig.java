package io.softq4j.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.softq4j.common.Json;
import io.softq4j.common.UserError;
import io.softq4j.model.weights.WeightFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code adapter_config.json} of PEFT: what a low-rank adapter is made for and how it is scaled.
 *
 * @param base        directory of the model it was trained on, or another name of it; {@code base_model_name_or_path}
 * @param r           rank
 * @param scaling     what B A is multiplied with
 * @param loraDropout rate it was trained with
 */
public record AdapterConfig(Optional<String> base, int r, double scaling, double loraDropout) {

    static final String FILE = "adapter_config.json";


    /** Fields that change what is computed, with the only value that is supported. */
    private static final Map<String, String> FIXED = Map.of("peft_type", "LORA", "bias", "none");

    /** Fields that change what is computed wherever they say anything. */
    private static final List<String> NONE = List.of("use_dora", "rank_pattern", "alpha_pattern", "modules_to_save", "lora_bias",
            "layer_replication",
            "target_parameters", "trainable_token_indices", "use_qalora", "use_bdlora", "alora_invocation_tokens", "arrow_config",
            "megatron_config");

    /** Ways to begin that leave the base as it was; the others need a base that was changed. */
    private static final List<String> INITIAL = List.of("true", "false", "gaussian", "eva", "orthogonal");

    /** Whether a directory holds an adapter, and not a whole model beside it. */
    public static boolean isIn(Path directory) {
        return Files.isRegularFile(directory.resolve(FILE)) && !WeightFiles.areIn(directory);
    }

    /**
     * Reads the configuration of an adapter.
     *
     * @param directory one for which {@link #isIn} holds
     * @throws UserError if it is malformed, of another method than LoRA, or computes something else than W + scaling B A
     */
    public static AdapterConfig read(Path directory) {
        ConfigJson json = ConfigJson.read(directory.resolve(FILE));
        json.requireOnly(FIXED);
        json.requireNone(NONE);
        String initial = json.text("init_lora_weights", "true");
        if (!INITIAL.contains(initial)) {
            throw json.error("init_lora_weights is '" + initial + "', which changes the base too: supported are "
                    + String.join(", ", INITIAL)
                    + ". Convert the adapter with PEFT (path_initial_model_for_weight_conversion of save_pretrained).");
        }
        int r = json.integer("r");
        double alpha = json.number("lora_alpha");
        if (r < 1) {
            throw json.error("r must be at least 1, was " + r);
        }
        double scaling = alpha / (json.flag("use_rslora", false) ? Math.sqrt(r) : r);
        Optional<String> base = Optional.of(json.text("base_model_name_or_path", "")).filter(name -> !name.isEmpty());
        return new AdapterConfig(base, r, scaling, json.number("lora_dropout", 0));
    }

    /**
     * The directory of the base: {@code base_model_name_or_path} as it is, or from the adapter's directory.
     *
     * @throws UserError if it is at neither place
     */
    public Path baseDirectory(Path adapter) {
        Path file = adapter.resolve(FILE);
        String name = base.orElseThrow(() -> new UserError(file + " has no base_model_name_or_path: it does not say which model the "
                + "adapter belongs "
                + "to. Put the path of the model's directory there."));
        for (Path candidate : List.of(Path.of(name), adapter.resolve(name))) {
            if (Files.isDirectory(candidate)) {
                return candidate;
            }
        }
        throw new UserError("the base of the adapter " + adapter + " is not there: base_model_name_or_path of " + file + " is '" + name
                + "', which is not a directory from " + Path.of("").toAbsolutePath() + " nor from " + adapter
                + ". Download or move the base there, or put the path of its directory into the file.");
    }

    /**
     * Writes the file for the adapter of a model.
     *
     * @param base what {@code base_model_name_or_path} becomes
     */
    static void write(Path directory, LanguageModel model, String base) throws IOException {
        TuningConfig tuning = model.tuning();
        ObjectNode json = Json.STRICT.createObjectNode();
        json.putNull("auto_mapping");
        json.put("base_model_name_or_path", base);
        json.put("bias", "none");
        json.put("fan_in_fan_out", model.linears().stream().anyMatch(LinearLayer::fanInFanOut));
        json.put("inference_mode", true);
        json.put("init_lora_weights", true);
        if (tuning.loraAlpha() == Math.rint(tuning.loraAlpha())) {
            json.put("lora_alpha", (long) tuning.loraAlpha());
        } else {
            json.put("lora_alpha", tuning.loraAlpha());
        }
        json.put("lora_dropout", tuning.loraDropout());
        json.putNull("modules_to_save");
        json.put("peft_type", "LORA");
        json.put("r", tuning.loraR());
        writeTargets(json, model);
        json.put("task_type", model.graph().graph().hasVariable(ModelGraph.SOURCE_IDS) ? "SEQ_2_SEQ_LM" : "CAUSAL_LM");
        json.put("use_dora", false);
        json.put("use_rslora", false);
        Files.writeString(directory.resolve(FILE), json.toPrettyString() + "\n");
    }

    /** As PEFT reads them: a text is a regular expression, a list has ends of names; what {@code all-linear} stands for is written out. */
    private static void writeTargets(ObjectNode json, LanguageModel model) {
        List<String> targets = model.tuning().loraTargetModules();
        List<String> linears = model.linears().stream().map(LinearLayer::name).toList();
        if (targets.equals(List.of(TuningConfig.ALL_LINEAR))) {
            targets = linears.stream().map(name -> name.substring(name.lastIndexOf('.') + 1)).distinct().sorted().toList();
        } else if (targets.size() == 1 && linears.stream().noneMatch(name -> name.equals(model.tuning().loraTargetModules().get(0))
                || name.endsWith("." + model.tuning().loraTargetModules().get(0)))) {
            json.put("target_modules", targets.get(0));
            return;
        }
        targets.forEach(json.withArray("target_modules")::add);
    }
}

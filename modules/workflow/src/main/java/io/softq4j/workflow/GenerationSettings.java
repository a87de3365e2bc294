package io.softq4j.workflow;

import io.softq4j.common.UserError;
import io.softq4j.config.ConfigFile;
import io.softq4j.config.ConfigSchema;
import io.softq4j.config.Origin;
import io.softq4j.generation.GenerationConfig;
import io.softq4j.generation.GenerationDefaults;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a model is to continue prompts: what {@code --set} says, over the configuration, over the model's generation_config.json, over transformers'
 * defaults.
 *
 * @param file with the section generation, decided
 */
record GenerationSettings(ConfigFile file) {

    private static final Logger LOG = LoggerFactory.getLogger(GenerationSettings.class);
    private static final String SECTION = "generation";

    /** A user who states one of them wants to sample, if he does not say otherwise. */
    private static final Set<String> OF_SAMPLING = Set.of("temperature", "top_k", "top_p", "min_p", "typical_p", "epsilon_cutoff", "eta_cutoff");

    private static final Set<String> OF_BEAMS = Set.of("length_penalty", "early_stopping", "renormalize_logits");

    /** What decides how, and is not shown for itself. */
    private static final Set<String> OF_STRATEGY = Set.of("do_sample", "batch_size");

    /** What transformers draws from if nobody says. */
    private static final int USUAL_TOP_K = 50;

    /** The sections, with the model's own defaults beneath that of generation. */
    static ConfigSchema schema(Optional<GenerationDefaults> model) {
        return model.map(defaults -> Sections.RUN.over(SECTION, defaults.values(), defaults.file().toString())).orElse(Sections.RUN);
    }

    /**
     * For sampling at several temperatures: whether to sample is not asked, and what nobody limits is the model's own distribution.
     *
     * @param file read with {@link #schema}
     */
    static GenerationSettings measuring(ConfigFile file) {
        Set<String> stated = file.origins(SECTION).keySet();
        return new GenerationSettings(file.with(file.section(GenerationConfig.class).with(c -> {
            if (stated.contains("max_length") && !stated.contains("max_new_tokens")) {
                c.maxNewTokens(Integer.MAX_VALUE);
            } else {
                c.maxLength(0);    // as transformers has it, the number of new tokens goes before
            }
        })));
    }

    /** For continuing prompts. @param file read with {@link #schema} @throws UserError if what is asked for does not go together */
    static GenerationSettings continuing(ConfigFile file) {
        ConfigFile limited = measuring(file).file;
        Map<String, Origin> origins = file.origins(SECTION);
        GenerationConfig given = limited.section(GenerationConfig.class);
        boolean samples = samples(origins, given);
        int topK = samples && !origins.containsKey("top_k") ? USUAL_TOP_K : given.topK();
        GenerationConfig decided = given.with(c -> c.doSample(samples).topK(topK));
        if (decided.samples() && decided.numBeams() > 1) {
            throw new UserError("num_beams is " + decided.numBeams() + where(origins, "num_beams") + ", and a beam search does not sample. Set "
                    + "generation.do_sample to false to search, or generation.num_beams to 1 to sample");
        }
        if (!decided.samples() && decided.numBeams() == 1 && decided.numReturnSequences() > 1) {
            throw new UserError("num_return_sequences is " + decided.numReturnSequences() + where(origins, "num_return_sequences") + ", and there is "
                    + "one most probable continuation. Set generation.do_sample to true to sample, or generation.num_beams to that many to search");
        }
        return new GenerationSettings(limited.with(decided));
    }

    private static String where(Map<String, Origin> origins, String key) {
        return Optional.ofNullable(origins.get(key)).map(origin -> " (" + origin + ")").orElse("");
    }

    /** The nearest to the user that says how tokens are chosen decides. In the model's file, as in transformers, only do_sample samples. */
    private static boolean samples(Map<String, Origin> origins, GenerationConfig config) {
        Map<Origin.Layer, Set<String>> layers = new EnumMap<>(Origin.Layer.class);
        origins.forEach((key, origin) -> layers.computeIfAbsent(origin.layer(), layer -> new LinkedHashSet<>()).add(key));
        for (var layer : layers.entrySet()) {
            Set<String> keys = layer.getValue();
            if (keys.contains("do_sample")) {
                return config.doSample();
            }
            if (keys.contains("num_beams") && config.numBeams() > 1) {
                return false;
            }
            if (layer.getKey() != Origin.Layer.BENEATH && keys.stream().anyMatch(OF_SAMPLING::contains)) {
                return true;
            }
        }
        return false;
    }

    GenerationConfig config() {
        return file.section(GenerationConfig.class);
    }

    /** Tells how prompts are continued and where that comes from. @param file of {@link ModelDirectory#configToContinue} */
    static void tell(ConfigFile file) {
        GenerationConfig config = file.section(GenerationConfig.class);
        String how = config.samples() ? "sampling" : config.numBeams() > 1 ? "beam search" : "greedy, the most probable token each time";
        List<String> defaults = config.samples() ? List.of("temperature", "top_k", "top_p") : config.numBeams() > 1 ? List.of("length_penalty") : List.of();
        Set<String> idle = new LinkedHashSet<>(OF_STRATEGY);
        if (!config.samples()) {
            idle.addAll(OF_SAMPLING);
            idle.add("seed");
        }
        if (config.numBeams() == 1) {
            idle.addAll(OF_BEAMS);
        }
        LOG.info("generation: {}", how + text(file, defaults, idle));
    }

    /** The same of what is measured at several temperatures. @param file of {@link ModelDirectory#configToMeasure} */
    static void tellMeasured(ConfigFile file) {
        Set<String> idle = new LinkedHashSet<>(OF_STRATEGY);
        idle.addAll(OF_BEAMS);
        idle.addAll(List.of("temperature", "num_beams", "num_return_sequences"));
        LOG.info("generation: {}", "sampling at each of evaluation.temperatures" + text(file, List.of("top_k", "top_p"), idle));
    }

    /** Keys and values by where they are from. @param usual shown if they have their defaults too @param idle stated or not, they change nothing; may be added to */
    private static String text(ConfigFile file, List<String> usual, Set<String> idle) {
        Map<String, Object> values = file.values(SECTION);
        Map<String, Origin> origins = file.origins(SECTION);
        Map<String, List<String>> bySource = new LinkedHashMap<>();
        List<String> unused = new ArrayList<>();
        List<String> keys = new ArrayList<>(origins.keySet());
        boolean total = file.section(GenerationConfig.class).maxLength() > 0;
        if (!total) {
            idle.add("max_length");    // max_new_tokens, stated too, goes before it
        }
        List.of(usual, List.of(total ? "max_length" : "max_new_tokens")).forEach(keys::addAll);
        for (String key : new LinkedHashSet<>(keys)) {
            String source = Optional.ofNullable(origins.get(key)).map(Origin::source).orElse("default");
            if (!idle.contains(key)) {
                bySource.computeIfAbsent(source, s -> new ArrayList<>()).add(key + " " + values.get(key));
            } else if (!OF_STRATEGY.contains(key)) {
                unused.add(key + " (" + source + ")");
            }
        }
        return bySource.entrySet().stream().map(from -> "; " + String.join(", ", from.getValue()) + " (" + from.getKey() + ")").collect(Collectors.joining())
                + (unused.isEmpty() ? "" : "; not used: " + String.join(", ", unused));
    }
}

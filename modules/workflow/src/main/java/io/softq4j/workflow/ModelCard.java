package io.softq4j.workflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.softq4j.common.Json;
import io.softq4j.common.PythonFloat;
import io.softq4j.common.Sha256;
import io.softq4j.config.ConfigFile;
import io.softq4j.data.DataConfig;
import io.softq4j.graph.backend.Cpu;
import io.softq4j.graph.machine.Workers;
import io.softq4j.model.ModelConfig;
import io.softq4j.model.SupportedModel;
import io.softq4j.model.TuningConfig;
import io.softq4j.objective.Description;
import io.softq4j.tokens.store.Manifest;
import io.softq4j.tokens.store.TokenStore;
import io.softq4j.training.TrainingConfig;
import io.softq4j.training.rows.StepSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * {@code README.md} of a finished model, as the Hugging Face hub reads it: metadata in YAML, how to use the model, what it was made of and how, and
 * its figures. Without times and paths: the same run gives the same bytes, be it whole or resumed; what names the machine and the version of softq4j
 * changes with these alone.
 *
 * @param model   its size
 * @param start   what its weights were at first
 * @param base    the name on the hub of the model it started from, where that model's files tell it
 * @param origin  what its weights were at first, in words
 * @param own     the name of an objective of an application's own
 * @param objective what was minimised, in words
 * @param config  all that decided the training
 * @param data    what it was trained on
 * @param steps   in which order
 * @param metrics {@code metrics.jsonl} of the run
 */
record ModelCard(ModelConfig model, Start start, Optional<String> base, String origin, Optional<String> own, Description objective, ConfigFile config,
                 PreparedData data, StepSource steps, Path metrics) {

    private static final JsonMapper JSON = Json.PYTHON;
    private static final Pattern HUB_ID = Pattern.compile("[A-Za-z0-9][\\w.-]*/[A-Za-z0-9][\\w.-]*");
    /** How Hugging Face's cache calls the directory of a model: {@code models--ORGANISATION--NAME/snapshots/REVISION}. */
    private static final Pattern CACHE = Pattern.compile("models--([\\w.-]+?)--([\\w.-]+)");

    /** The card of a run that begins now: afterwards the model it starts from may be gone. */
    static ModelCard of(ModelConfig model, Start start, Optional<String> own, Description objective, ConfigFile config, PreparedData data,
                        StepSource steps, Path metrics) {
        if (start instanceof Start.Weights weights) {
            Path directory = ModelDirectory.find(weights.path()).toAbsolutePath().normalize();
            Optional<String> base = hubName(directory);
            return new ModelCard(model, start, base, base.orElse("the model in a directory " + directory.getFileName()), own, objective,
                    config, data, steps, metrics);
        }
        return new ModelCard(model, start, Optional.empty(), "fresh weights", own, objective, config, data, steps, metrics);
    }

    /** The page, with the figures that {@link #metrics} holds of a model after so many updates. */
    String text(long step) throws IOException {
        SupportedModel kind = SupportedModel.of(model);
        String method = own.orElse(objective.method());
        TuningConfig tuning = config.section(TuningConfig.class);
        StringBuilder page = new StringBuilder("---\nlibrary_name: ").append(tuning.usePeft() ? "peft" : "transformers").append('\n');
        base.ifPresent(id -> page.append("base_model: ").append(id).append('\n'));
        page.append("datasets:\n");
        datasets().forEach(name -> page.append("- ").append(quoted(name)).append('\n'));
        page.append("tags:\n- softq4j\n");
        objective.tags().forEach(tag -> page.append("- ").append(tag).append('\n'));
        page.append("pipeline_tag: ").append(model.encoderDecoder().isPresent() ? "text2text-generation" : "text-generation");
        page.append("\n---\n\n").append(String.format(Locale.ROOT, "# %s%s, %,d parameters, %s%n%n", tuning.usePeft() ? "LoRA adapter of " : "",
                kind.modelType(), model.parameters(), method));
        page.append("Trained with softq4j by ").append(method).append(" from ").append(origin).append(".\n\n");
        use(page, tuning);
        List<JsonNode> lines = lines(step);
        training(page, tuning, lines);
        results(page, lines);
        return page.toString().replace(System.lineSeparator(), "\n");
    }

    private void use(StringBuilder page, TuningConfig tuning) {
        String type = (tuning.usePeft() ? "AutoPeftModelFor" : "AutoModelFor") + (model.encoderDecoder().isPresent() ? "Seq2SeqLM" : "CausalLM");
        String imports = tuning.usePeft() ? "from peft import " + type + "\nfrom transformers import AutoTokenizer"
                : "from transformers import " + type + ", AutoTokenizer";
        page.append(String.format(Locale.ROOT, """
                ## Use

                `MODEL` is this directory.

                ```python
                %s

                tokenizer = AutoTokenizer.from_pretrained("MODEL")
                model = %s.from_pretrained("MODEL")
                inputs = tokenizer("...", return_tensors="pt")
                print(tokenizer.decode(model.generate(**inputs, do_sample=True, max_new_tokens=128)[0]))
                ```

                ```
                softq generate MODEL --prompt '...'
                ```

                """, imports, type));
        objective.use().ifPresent(sentence -> page.append(sentence).append("\n\n"));
    }

    private void training(StringBuilder page, TuningConfig tuning, List<JsonNode> lines) {
        TrainingConfig training = config.section(TrainingConfig.class);
        List<Manifest> train = data.directories().stream().map(part -> part.train().manifest()).toList();
        List<Manifest> validation = data.directories().stream().flatMap(part -> part.validation().values().stream()).map(TokenStore::manifest).toList();
        page.append("## Training\n\n| | |\n|---|---|\n");
        own.ifPresent(name -> row(page, "objective of the application", name));
        objective.rows().forEach((key, value) -> row(page, key, value));
        row(page, "what trains", trained(tuning));
        row(page, "start", origin + ", seed " + training.seed());
        row(page, "data", String.join(", ", datasets()) + ": " + figures(train));
        for (String part : steps.seen(last(lines, "loss").map(line -> line.get("step").asLong()).orElse(0L))) {
            row(page, "rows by weight", part);
        }
        if (!validation.isEmpty()) {
            row(page, "validation", figures(validation));
        }
        row(page, "data, sha256", "`" + fingerprint(train) + "` (of the sha256 of the token shards, a line each)");
        row(page, "tokenizer.json, sha256", "`" + data.train().manifest().tokenizerSha256() + "`");
        row(page, "softq.yaml, sha256", "`" + Sha256.of(config.effectiveYaml()) + "`");
        row(page, "command", "`softq train --config softq.yaml " + given() + (start instanceof Start.Weights ? " --model BASE"
                : start instanceof Start.Sized ? " --config-name config.json" : "") + " --out RUN`");
        row(page, "rows in an update", training.rowsPerStep() + " of up to " + Math.min(training.maxLength(), model.contextLength()) + " tokens"
                + (training.packing() ? ", packed" : ""));
        row(page, "optimiser", training.optimizer().description() + ", learning rate " + PythonFloat.str(training.learningRate()) + ", weight decay "
                + PythonFloat.str(training.weightDecay()));
        row(page, "precision", "trained in float32, saved as " + training.saveDtype().dtype().torchName());
        row(page, "softq4j", version());
        row(page, "machine", Cpu.read().model() + ", " + Workers.THREADS + (Workers.THREADS == 1 ? " thread" : " threads"));
        page.append('\n');
    }

    private static String trained(TuningConfig tuning) {
        String what = tuning.usePeft() ? "adapters of rank " + tuning.loraR() + ", lora_alpha " + PythonFloat.str(tuning.loraAlpha()) + ", of " + String.join(", ", tuning
                .loraTargetModules()) + (tuning.loraDropout() > 0 ? ", lora_dropout " + PythonFloat.str(tuning.loraDropout()) : "")
                : tuning.freeze().isEmpty() ? "all parameters" : "all parameters but " + String.join(", ", tuning.freeze());
        return what + (tuning.dropout() > 0 ? "; dropout " + PythonFloat.str(tuning.dropout()) : "");
    }

    private void results(StringBuilder page, List<JsonNode> lines) {
        List<String> columns = columns(lines);
        page.append("## Results\n\n| | update | epoch | loss |");
        columns.forEach(name -> page.append(' ').append(name).append(" |"));
        page.append(perplexity() ? " perplexity |" : "").append("\n|").append("---|".repeat(4 + columns.size() + (perplexity() ? 1 : 0))).append('\n');
        last(lines, "loss").ifPresent(line -> figures(page, "training", line, "", columns));
        last(lines, "eval_loss").ifPresent(line -> figures(page, "validation", line, "eval_", columns));
        config.section(DataConfig.class).validationSets().keySet().stream().filter(set -> !set.isEmpty()).forEach(set -> last(lines, "eval_" + set + "_loss")
                .ifPresent(line -> figures(page, "validation " + set, line, "eval_" + set + "_", columns)));
        List<String> words = new ArrayList<>();
        objective.figures().forEach((name, what) -> {
            words.add(name + (words.isEmpty() ? " is " : " ") + what);
            if (name.equals(Description.NLL) && perplexity()) {
                words.add("perplexity its exponential");
            }
        });
        objective.loss().ifPresent(sum -> words.add("loss = " + sum));
        page.append('\n').append(String.join(", ", words)).append(words.isEmpty() ? "" : ". ").append("Training: of the last update alone.\n");
    }

    private boolean perplexity() {
        return Description.NLL_IS.equals(objective.figures().get(Description.NLL));
    }

    /** What the objective tells of itself, else all that the last update has of it in {@link #metrics}. */
    private List<String> columns(List<JsonNode> lines) {
        if (!objective.figures().isEmpty()) {
            return List.copyOf(objective.figures().keySet());
        }
        List<String> keys = new ArrayList<>();
        last(lines, "loss").ifPresent(line -> line.fieldNames().forEachRemaining(keys::add));
        return keys.isEmpty() ? keys : keys.subList(keys.indexOf("loss") + 1, keys.indexOf("grad_norm"));
    }

    private List<JsonNode> lines(long step) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(metrics)) {
            JsonNode node = JSON.readTree(line);
            if (node.path("step").asLong() <= step) {
                lines.add(node);
            }
        }
        return lines;
    }

    private static Optional<JsonNode> last(List<JsonNode> lines, String key) {
        return lines.stream().filter(line -> line.has(key)).reduce((first, second) -> second);
    }

    /** A figure that was not measured is left out; a setting has the same name in both lines. */
    private void figures(StringBuilder page, String name, JsonNode line, String prefix, List<String> columns) {
        page.append(String.format(Locale.ROOT, "| %s | %,d | %.2f | %.4f |", name, line.get("step").asLong(), line.get("epoch").asDouble(),
                line.get(prefix + "loss").asDouble()));
        for (String column : columns) {
            JsonNode value = line.has(prefix + column) ? line.get(prefix + column) : line.path(column);
            page.append(value.isNumber() ? String.format(Locale.ROOT, " %.4f |", value.asDouble()) : " |");
        }
        JsonNode nll = line.path(prefix + Description.NLL);
        if (perplexity()) {
            page.append(nll.isNumber() ? String.format(Locale.ROOT, " %.4g |", Math.exp(nll.asDouble())) : " |");
        }
        page.append('\n');
    }

    private static void row(StringBuilder page, String key, String value) {
        page.append("| ").append(key).append(" | ").append(value.replace("|", "\\|")).append(" |\n");
    }

    private static Optional<String> hubName(Path directory) {
        for (Path part : directory) {
            Matcher cached = CACHE.matcher(part.toString());
            if (cached.matches()) {
                return Optional.of(cached.group(1) + "/" + cached.group(2));
            }
        }
        try {
            String name = JSON.readTree(directory.resolve("config.json").toFile()).path("_name_or_path").asText();
            return Optional.of(name).filter(id -> HUB_ID.matcher(id).matches());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The corpora by their file names: where they lay is of no use elsewhere. */
    private List<String> datasets() {
        return config.section(DataConfig.class).train().stream().map(file -> file.replaceAll(".*/(?=.)", "")).distinct().toList();
    }

    private static String figures(List<Manifest> stores) {
        return String.format(Locale.ROOT, "%,d examples, %,d tokens, %,d of them scored", stores.stream().mapToLong(Manifest::examples).sum(),
                stores.stream().mapToLong(Manifest::tokens).sum(), stores.stream().mapToLong(Manifest::responseTokens).sum());
    }

    private String given() {
        return data.mixed().isEmpty() ? "--data DATA" : data.mixed().stream().map(part -> "--data " + part.store().name() + ":" + part.store().weight())
                .collect(Collectors.joining(" "));
    }

    private static String fingerprint(List<Manifest> stores) {
        return Sha256.of(stores.stream().flatMap(store -> store.shards().stream()).map(shard -> shard.sha256() + "\n").collect(Collectors.joining()));
    }

    private static String quoted(String text) {
        return text.matches("[A-Za-z0-9][A-Za-z0-9._/-]*") ? text : "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    /** Of the jar's manifest, or "development" when run from class files. */
    private static String version() {
        return Optional.ofNullable(ModelCard.class.getPackage().getImplementationVersion()).orElse("development");
    }
}

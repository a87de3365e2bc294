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
import io.softq4j.objective.softq.SoftQConfig;
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
 * @param config  all that decided the training
 * @param data    what it was trained on
 * @param steps   in which order
 * @param metrics {@code metrics.jsonl} of the run
 */
record ModelCard(ModelConfig model, Start start, Optional<String> base, String origin, Optional<String> own, ConfigFile config, PreparedData data,
                 StepSource steps, Path metrics) {

    private static final JsonMapper JSON = Json.PYTHON;
    private static final String PAPER = "2409.01369";
    private static final Pattern HUB_ID = Pattern.compile("[A-Za-z0-9][\\w.-]*/[A-Za-z0-9][\\w.-]*");
    /** How Hugging Face's cache calls the directory of a model: {@code models--ORGANISATION--NAME/snapshots/REVISION}. */
    private static final Pattern CACHE = Pattern.compile("models--([\\w.-]+?)--([\\w.-]+)");

    /** The card of a run that begins now: afterwards the model it starts from may be gone. */
    static ModelCard of(ModelConfig model, Start start, Optional<String> own, ConfigFile config, PreparedData data, StepSource steps,
                        Path metrics) {
        if (start instanceof Start.Weights weights) {
            Path directory = ModelDirectory.find(weights.path()).toAbsolutePath().normalize();
            Optional<String> base = hubName(directory);
            return new ModelCard(model, start, base, base.orElse("the model in a directory " + directory.getFileName()), own, config, data,
                    steps, metrics);
        }
        return new ModelCard(model, start, Optional.empty(), "fresh weights", own, config, data, steps, metrics);
    }

    /** The page, with the figures that {@link #metrics} holds now. */
    String text() throws IOException {
        SupportedModel kind = SupportedModel.of(model);
        SoftQConfig objective = config.section(SoftQConfig.class);
        boolean softQ = objective.lambda() > 0;
        String method = softQ ? "inverse soft-Q-learning" : "maximum likelihood";
        TuningConfig tuning = config.section(TuningConfig.class);
        StringBuilder page = new StringBuilder("---\nlibrary_name: ").append(tuning.usePeft() ? "peft" : "transformers").append('\n');
        base.ifPresent(id -> page.append("base_model: ").append(id).append('\n'));
        page.append("datasets:\n");
        datasets().forEach(name -> page.append("- ").append(quoted(name)).append('\n'));
        page.append("tags:\n- softq4j\n").append(softQ ? "- inverse-soft-q-learning\n- arxiv:" + PAPER : "- sft").append('\n');
        page.append("pipeline_tag: ").append(model.encoderDecoder().isPresent() ? "text2text-generation" : "text-generation");
        page.append("\n---\n\n").append(String.format(Locale.ROOT, "# %s%s, %,d parameters, %s%n%n", tuning.usePeft() ? "LoRA adapter of " : "",
                kind.modelType(), model.parameters(), method));
        page.append("Trained with softq4j by ").append(method).append(" from ").append(origin).append(".\n\n");
        use(page, objective, tuning);
        training(page, objective, tuning);
        results(page, objective);
        return page.toString().replace(System.lineSeparator(), "\n");
    }

    private void use(StringBuilder page, SoftQConfig objective, TuningConfig tuning) {
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
        if (objective.tau() != 1) {
            page.append("The policy that was trained is the softmax of the logits at temperature ").append(PythonFloat.str(objective.tau()))
                    .append(": sample with it.\n\n");
        }
    }

    private void training(StringBuilder page, SoftQConfig objective, TuningConfig tuning) throws IOException {
        TrainingConfig training = config.section(TrainingConfig.class);
        List<Manifest> train = data.directories().stream().map(part -> part.train().manifest()).toList();
        List<Manifest> validation = data.directories().stream().flatMap(part -> part.validation().stream()).map(TokenStore::manifest).toList();
        page.append("## Training\n\n| | |\n|---|---|\n");
        own.ifPresent(name -> row(page, "objective of the application, over the next", name));
        row(page, "objective", objective.lambda() > 0 ? "mean(-log pi) + lambda mean(delta^2), delta = Q(s,a) - gamma V(s'), the logits being Q: Eq. 14"
                + " of [arXiv " + PAPER + "](https://arxiv.org/abs/" + PAPER + ")" : "mean(-log pi): maximum likelihood on the responses");
        row(page, "lambda, gamma, tau", PythonFloat.str(objective.lambda()) + ", " + PythonFloat.str(objective.gamma()) + ", "
                + PythonFloat.str(objective.tau()));
        if (objective.zLoss() > 0) {
            row(page, "z-loss", PythonFloat.str(objective.zLoss()) + " mean((V / tau)^2) is added");
        }
        if (objective.labelSmoothingFactor() > 0) {
            row(page, "label smoothing", Double.toString(objective.labelSmoothingFactor()));
        }
        row(page, "what trains", trained(tuning));
        row(page, "start", origin + ", seed " + training.seed());
        row(page, "data", String.join(", ", datasets()) + ": " + figures(train));
        for (String part : steps.seen(last(lines(), "loss").map(line -> line.get("step").asLong()).orElse(0L))) {
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
        row(page, "optimiser", training.optimizer().title() + ", learning rate " + PythonFloat.str(training.learningRate()) + ", weight decay "
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

    private void results(StringBuilder page, SoftQConfig objective) throws IOException {
        List<JsonNode> lines = lines();
        page.append("## Results\n\n| | update | epoch | loss | nll | td | perplexity |\n|---|---|---|---|---|---|---|\n");
        last(lines, "loss").ifPresent(line -> figures(page, "training", line, ""));
        last(lines, "eval_loss").ifPresent(line -> figures(page, "validation", line, "eval_"));
        page.append("\nnll is the mean of -log pi over scored tokens, perplexity its exponential, td the mean of delta^2")
                .append(", loss = nll").append(objective.lambda() > 0 ? " + lambda td" : "").append(objective.zLoss() > 0 ? " + z-loss" : "")
                .append(objective.labelSmoothingFactor() > 0 ? " + label smoothing" : "")
                .append(". Training: of the last update alone.\n");
    }

    private List<JsonNode> lines() throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(metrics)) {
            lines.add(JSON.readTree(line));
        }
        return lines;
    }

    private static Optional<JsonNode> last(List<JsonNode> lines, String key) {
        return lines.stream().filter(line -> line.has(key)).reduce((first, second) -> second);
    }

    private static void figures(StringBuilder page, String name, JsonNode line, String prefix) {
        double nll = line.get(prefix + "nll").asDouble();
        page.append(String.format(Locale.ROOT, "| %s | %,d | %.2f | %.4f | %.4f | %.4f | %.4g |%n", name, line.get("step").asLong(),
                line.get("epoch").asDouble(), line.get(prefix + "loss").asDouble(), nll, line.get(prefix + "td").asDouble(), Math.exp(nll)));
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

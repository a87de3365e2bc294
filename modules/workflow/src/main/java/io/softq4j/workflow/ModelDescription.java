package io.softq4j.workflow;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.softq4j.common.Json;
import io.softq4j.common.UserError;
import io.softq4j.generation.SpecialTokens;
import io.softq4j.graph.backend.HostMemory;
import io.softq4j.model.Adapter;
import io.softq4j.model.AdapterConfig;
import io.softq4j.model.ModelConfig;
import io.softq4j.model.ParameterCounts;
import io.softq4j.model.SupportedModel;
import io.softq4j.model.TuningConfig;
import io.softq4j.model.WeightFit;
import io.softq4j.model.weights.TensorInfo;
import io.softq4j.model.weights.WeightFiles;
import io.softq4j.tokens.Tokenizer;
import io.softq4j.training.run.TrainingMemory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * A model directory, read as far as it can be without allocating anything of the model's size. What is not known is null; {@code problems} says why.
 *
 * @param directory    where {@code config.json} is
 * @param model        what kind it is of
 * @param parameters   how many, and where
 * @param weights      how they are stored
 * @param context      the longest sequence
 * @param vocabulary   of the model and of the tokenizer
 * @param chatTemplate the file that has it
 * @param endTokens    what ends a generated text, where {@code generation_config.json} or {@code config.json} names it
 * @param tensors      those that do not fit the model
 * @param problems     what keeps the directory from being loaded; empty: nothing
 * @param adapter      the adapter in the directory that was given, whose model is described; null where it holds a model
 * @param memory       what training needs, by what trains; null where the size is not known
 */
public record ModelDescription(String directory, SupportedModel model, Parameters parameters, Weights weights, Context context, Vocabulary vocabulary,
                               String chatTemplate, List<EndToken> endTokens, List<Misfit> tensors, List<String> problems, String adapter,
                               List<Memory> memory) {

    /**
     * Scalars.
     *
     * @param total       all of them
     * @param embedding   tables of tokens and positions
     * @param layers      all blocks
     * @param norms       outside of blocks
     * @param output      the output layer; 0 where tied
     * @param savedByTied what the tied output layer would take
     */
    public record Parameters(long total, long embedding, long layers, long norms, long output, long savedByTied) {
    }

    /**
     * Files.
     *
     * @param bytes   of all tensors
     * @param files   names, in order
     * @param tensors how many
     * @param dtypes  type to bytes
     */
    public record Weights(long bytes, List<String> files, int tensors, Map<String, Long> dtypes) {
    }

    /** @param key in {@code config.json} @param length in tokens; null without limit */
    public record Context(String key, Integer length) {

        static Context of(ModelConfig size) {
            return new Context(size.contextKey(), size.contextLength() == ModelConfig.UNLIMITED ? null : size.contextLength());
        }
    }

    /** @param model rows of the embedding @param tokenizer ids; null without a tokenizer */
    public record Vocabulary(int model, Integer tokenizer) {
    }

    /** @param text null where the tokenizer has no such id */
    public record EndToken(int id, String text) {
    }

    /** A {@link WeightFit.Problem}. */
    public record Misfit(String problem, String tensor, String file, String dtype, List<Integer> shape, List<Integer> expectedShape) {

        static Misfit of(WeightFit.Problem problem) {
            return new Misfit(problem.kind().name().toLowerCase(Locale.ROOT), problem.tensor(),
                    problem.file() == null ? null : problem.file().getFileName().toString(), problem.dtype(), problem.shape(), problem.expected());
        }
    }

    /** @param available bytes free here @param optimizer what is trained how @param batches what each size of micro-batch needs */
    public record Memory(long available, String optimizer, List<Need> batches) {
    }

    /**
     * All in bytes.
     *
     * @param rows                  of a micro-batch
     * @param length                of each, in tokens
     * @param gradientCheckpointing whether layers are computed again
     * @param fits                  whether so much is free here
     */
    public record Need(int rows, int length, boolean gradientCheckpointing, long weights, long gradients, long moments, long activations, long total,
                       boolean fits) {
    }

    private static final JsonMapper JSON = Json.records().build();

    /**
     * Describes.
     *
     * @param path   a model directory, a checkpoint or a run
     * @param length tokens of a row in training; empty: the context
     * @throws UserError if there is no {@code config.json}
     */
    public static ModelDescription of(Path path, OptionalInt length) {
        Path found = ModelDirectory.find(path);
        if (!AdapterConfig.isIn(found)) {
            return new Reader(found, found, null).read(length);
        }
        AdapterConfig adapter = AdapterConfig.read(found);
        return new Reader(found, ModelDirectory.base(found), "LoRA of rank " + adapter.r() + " in " + found).read(length);
    }

    /** Whether the model can be loaded. */
    public boolean loads() {
        return problems.isEmpty();
    }

    /** All of it. */
    public String json() {
        return Json.pretty(JSON, this).stripTrailing();
    }

    /** Goes on after each problem. */
    private static final class Reader {

        private final Path given;
        private final Path directory;
        private final String adapter;
        private final List<String> problems = new ArrayList<>();

        /**
         * Reads nothing yet.
         *
         * @param given     the model or the adapter
         * @param directory where the model is
         * @param adapter   what the model is described for, or null
         */
        Reader(Path given, Path directory, String adapter) {
            this.given = given;
            this.directory = directory;
            this.adapter = adapter;
        }

        private <T> Optional<T> attempt(Supplier<T> read) {
            try {
                return Optional.of(read.get());
            } catch (UserError e) {
                problems.add(e.getMessage());
                return Optional.empty();
            }
        }

        ModelDescription read(OptionalInt length) {
            Optional<ModelConfig> config = attempt(() -> ModelConfig.read(directory));
            Optional<Tokenizer> tokenizer = attempt(() -> ModelDirectory.tokenizer(given));
            Weights weights = null;
            List<Misfit> misfits = List.of();
            Optional<WeightFiles> opened = attempt(() -> WeightFiles.open(directory));
            if (opened.isPresent()) {
                try (WeightFiles files = opened.get()) {
                    weights = weights(files);
                    misfits = config.map(size -> misfits(size, files)).orElse(List.of());
                }
            }
            if (adapter != null && config.isPresent()) {
                attempt(() -> {
                    Adapter.check(given, config.get());
                    return true;
                });
            }
            Vocabulary vocabulary = config.map(size -> vocabulary(size, tokenizer)).orElse(null);
            return new ModelDescription(directory.toString(), config.map(SupportedModel::of).orElse(null),
                    config.map(Reader::parameters).orElse(null), weights, config.map(Context::of).orElse(null), vocabulary,
                    tokenizer.flatMap(Tokenizer::chatTemplate).map(text -> templateFile()).orElse(null),
                    config.map(size -> endTokens(size, tokenizer)).orElse(List.of()), misfits, problems, adapter,
                    config.flatMap(size -> attempt(() -> memory(size, length))).orElse(null));
        }

        private List<Misfit> misfits(ModelConfig config, WeightFiles files) {
            WeightFit fit = WeightFit.of(config, files);
            attempt(() -> {
                fit.require(directory);
                return true;
            });
            return fit.problems().stream().map(Misfit::of).toList();
        }

        private static Parameters parameters(ModelConfig config) {
            ParameterCounts counts = ParameterCounts.of(config);
            return new Parameters(counts.total(), counts.embedding(), counts.layers(), counts.norms(), counts.output(), counts.saved());
        }

        private static Weights weights(WeightFiles files) {
            Map<String, Long> dtypes = new TreeMap<>();
            for (String name : files.names()) {
                TensorInfo info = files.info(name);
                dtypes.merge(info.dtype().name(), info.end() - info.begin(), Long::sum);
            }
            return new Weights(files.bytes(), files.files().stream().map(file -> file.getFileName().toString()).toList(), files.names().size(),
                    dtypes);
        }

        private Vocabulary vocabulary(ModelConfig config, Optional<Tokenizer> tokenizer) {
            Integer ids = tokenizer.map(Tokenizer::vocabularySize).orElse(null);
            if (ids != null && ids > config.vocabSize()) {
                problems.add(ModelDirectory.vocabulariesDisagree(directory, config.vocabSize(), ids));
            }
            return new Vocabulary(config.vocabSize(), ids);
        }

        private String templateFile() {
            String own = "chat_template.jinja";
            return Files.exists(ModelDirectory.holder(given, "tokenizer.json").resolve(own)) ? own : "tokenizer_config.json";
        }

        private List<EndToken> endTokens(ModelConfig config, Optional<Tokenizer> tokenizer) {
            return attempt(() -> ModelDirectory.specialTokens(given, config.vocabSize())).map(SpecialTokens::eosIds).orElse(Set.of()).stream()
                    .map(id -> new EndToken(id, tokenizer.filter(t -> id < t.vocabularySize()).map(t -> t.tokenText(id)).orElse(null))).toList();
        }

        private static List<Memory> memory(ModelConfig config, OptionalInt length) {
            long available = HostMemory.available();
            return List.of(memory("AdamW, all weights", config, TuningConfig.defaults(), length, available),
                    memory("AdamW, LoRA adapters of rank " + TuningConfig.adapters().loraR(), config, TuningConfig.adapters(), length, available));
        }

        private static Memory memory(String optimizer, ModelConfig config, TuningConfig tuning, OptionalInt length, long available) {
            TrainingNeeds needs = TrainingNeeds.of(config, tuning, length, available);
            List<Need> rows = new ArrayList<>();
            for (TrainingNeeds.Batch batch : needs.batches()) {
                for (boolean again : new boolean[] {false, true}) {
                    TrainingMemory memory = again ? batch.checkpointing() : batch.plain();
                    rows.add(new Need(batch.rows(), batch.length(), again, memory.weights(), memory.gradients(), memory.moments(),
                            memory.activations(), memory.total(), memory.total() <= available));
                }
            }
            return new Memory(available, optimizer, rows);
        }
    }
}

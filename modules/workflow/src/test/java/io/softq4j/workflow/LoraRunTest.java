package io.softq4j.workflow;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.softq4j.common.AtomicFiles;
import io.softq4j.common.Output;
import io.softq4j.common.UserError;
import io.softq4j.config.ConfigFile;
import io.softq4j.data.DataConfig;
import io.softq4j.data.Prompts;
import io.softq4j.generation.GenerationConfig;
import io.softq4j.model.weights.DType;
import io.softq4j.model.weights.Safetensors;
import io.softq4j.model.weights.Tensor;
import io.softq4j.training.PlainProgress;
import io.softq4j.training.ProgressListener;
import io.softq4j.training.StepMetrics;
import io.softq4j.training.TrainingConfig;
import io.softq4j.training.run.TrainingMemory;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs in which only adapters, or only some tensors, train. */
class LoraRunTest {

    private static final String LORA = "tuning={use_peft: true, lora_r: 2, lora_alpha: 4, lora_target_modules: [c_attn, mlp.c_proj]}";
    private static final String DROPPING = LORA.replace("}", ", lora_dropout: 0.2, dropout: 0.1}");
    private static final String FROZEN = "tuning={freeze: [wte, h.0]}";

    @TempDir
    private Path directory;
    private Path base;
    private PreparedData data;

    @BeforeEach
    void trainTheBase() throws IOException {
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < 24; i++) {
            char letter = "abcd".charAt(i % 4);
            rows.append("{\"prompt\": \"say ").append(letter).append(":\", \"response\": \" ").append(letter).append("\"}\n");
        }
        PreparedData.prepare(config("data.train=" + Files.writeString(directory.resolve("c.jsonl"), rows)), Output.at(directory.resolve("data")), WorkListener.NONE);
        data = PreparedData.open(directory.resolve("data"));
        base = directory.resolve("base");
        train(config(), base, Optional.empty(), false, silent());
    }

    private static ConfigFile config(String... more) {
        List<String> settings = new ArrayList<>(List.of("data.max_length=16", "tokenizer.vocab_size=262", "objective.lambda=0.1",
                "model={n_positions: 16, n_embd: 8, n_layer: 2, n_head: 2}",
                "training={max_steps: 6, save_steps: 2, save_total_limit: 0, per_device_train_batch_size: 4, learning_rate: 1e-2, "
                        + "bucket_multiple: 4}",
                "generation={max_new_tokens: 4, do_sample: false}"));
        settings.addAll(List.of(more));
        return Sections.RUN.read(Optional.empty(), settings);
    }

    private static ProgressListener silent() {
        return new PlainProgress(line -> { }, 1e9);
    }

    private void train(ConfigFile config, Path out, Optional<Path> start, boolean resume, ProgressListener progress) {
        TrainingRun.train(config, data, out, start, resume, progress);
    }

    private Path tuned(String name, String tuning) {
        Path run = directory.resolve(name);
        train(config(tuning), run, Optional.of(base), false, silent());
        return run;
    }

    private static List<String> names(Path path) throws IOException {
        try (Stream<Path> files = Files.list(path)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static List<String> tensors(Path file) {
        try (Safetensors tensors = Safetensors.open(file)) {
            return List.copyOf(tensors.names());
        }
    }

    private static float[] values(Path file, String name) {
        try (Safetensors tensors = Safetensors.open(file)) {
            FloatBuffer values = FloatBuffer.allocate(Math.toIntExact(tensors.info(name).size()));
            tensors.read(name, tensors.info(name).shape(), values);
            return values.array();
        }
    }

    private static List<String> greedy(ModelDirectory model) {
        GenerationConfig generation = config().section(GenerationConfig.class);
        Prompts prompts = Prompts.of(List.of("say a:", "say d:"), DataConfig.defaults());
        try (Sampling sampling = new Sampling(model, prompts, generation)) {
            return sampling.generate(generation, "sample", WorkListener.NONE).stream().map(s -> s.get(0).text()).toList();
        }
    }

    @Test
    void aRunWithAdaptersLeavesThemAndTheirMomentsAlone() throws IOException {
        byte[] before = Files.readAllBytes(base.resolve("model/model.safetensors"));
        Path run = tuned("lora", LORA);
        List<String> files = List.of("adapter_config.json", "adapter_model.safetensors", "generation_config.json", "softq.yaml", "tokenizer.json",
                "tokenizer_config.json");
        List<String> model = new ArrayList<>(List.of("README.md", "manifest.json"));
        model.addAll(files);
        assertEquals(model.stream().sorted().toList(), names(run.resolve("model")));
        String card = Files.readString(run.resolve("model/README.md"));
        for (String part : List.of("library_name: peft\n", "# LoRA adapter of gpt2, ", "from peft import AutoPeftModelForCausalLM\n",
                "| what trains | adapters of rank 2, ")) {
            assertTrue(card.contains(part), part + " in " + card);
        }
        List<String> checkpoint = new ArrayList<>(files);
        checkpoint.addAll(List.of("manifest.json", "optimizer.safetensors", "softq_base.json", "trainer_state.json"));
        assertEquals(checkpoint.stream().sorted().toList(), names(run.resolve("checkpoint-6")));
        List<String> adapters = new ArrayList<>();
        List<String> moments = new ArrayList<>();
        for (String layer : List.of("transformer.h.0.attn.c_attn", "transformer.h.0.mlp.c_proj", "transformer.h.1.attn.c_attn",
                "transformer.h.1.mlp.c_proj")) {
            for (String factor : List.of(".lora_A.weight", ".lora_B.weight")) {
                adapters.add("base_model.model." + layer + factor);
                moments.add("exp_avg." + layer + factor);
                moments.add("exp_avg_sq." + layer + factor);
            }
        }
        assertEquals(adapters, tensors(run.resolve("model/adapter_model.safetensors")));
        assertEquals(moments.stream().sorted().toList(), tensors(run.resolve("checkpoint-6/optimizer.safetensors")));
        assertTrue(Files.readString(run.resolve("model/adapter_config.json")).contains(
                "\"base_model_name_or_path\" : \"" + base.resolve("model").toAbsolutePath() + "\""));
        assertArrayEquals(before, Files.readAllBytes(base.resolve("model/model.safetensors")));
        float[] b = values(run.resolve("model/adapter_model.safetensors"), "base_model.model.transformer.h.1.attn.c_attn.lora_B.weight");
        assertTrue(Stream.of(b[0], b[7], b[47]).allMatch(value -> value != 0), "B is trained");
    }

    @Test
    void anAdapterIsSampledExportedAndMergedAsTheModelItMakes() throws IOException {
        Path run = tuned("lora", LORA);
        Path merged = directory.resolve("merged");
        try (ModelDirectory adapter = ModelDirectory.open(run); ModelDirectory checkpoint = ModelDirectory.open(run.resolve("checkpoint-6"))) {
            Merge.run(run, Output.at(merged), DType.F32, Long.MAX_VALUE);
            assertEquals(List.of("config.json", "generation_config.json", "model.safetensors", "softq.yaml", "tokenizer.json",
                    "tokenizer_config.json"), names(merged));
            for (Tensor tensor : adapter.model().tensors()) {
                float[] own = new float[tensor.size()];
                tensor.values().get(0, own);
                assertArrayEquals(own, values(merged.resolve("model.safetensors"), tensor.name()), tensor.name());
            }
            float[] old = values(base.resolve("model/model.safetensors"), "transformer.h.0.attn.c_attn.weight");
            float[] now = values(merged.resolve("model.safetensors"), "transformer.h.0.attn.c_attn.weight");
            assertTrue(old[5] != now[5], "the adapter is in the weights");
            try (ModelDirectory whole = ModelDirectory.open(merged)) {
                assertEquals(greedy(adapter), greedy(whole));
                assertEquals(greedy(adapter), greedy(checkpoint));
            }
            assertTrue(Export.run(adapter, Output.at(directory.resolve("onnx"))).passed());
        }
        Path further = directory.resolve("further");
        train(config(), further, Optional.of(run), false, silent());
        assertTrue(Files.exists(further.resolve("model/model.safetensors")), "all of the merged model trains");
    }

    /** Stopped after its third step, resumed after its second. */
    private void assertResumes(String tuning, String weights) throws IOException {
        Path whole = tuned("whole", tuning);
        Path stopped = directory.resolve("stopped");
        assertThrows(IllegalStateException.class, () -> train(config(tuning), stopped, Optional.of(base), false, hearing((name, seen) -> {
            if (seen instanceof StepMetrics metrics && metrics.step() == 3) {
                throw new IllegalStateException("stopped");
            }
        })));
        assertEquals(List.of("checkpoint-2"), names(stopped).stream().filter(name -> name.startsWith("checkpoint")).toList());
        train(config(tuning), stopped, Optional.of(base), true, silent());
        for (String file : List.of("model/" + weights, "checkpoint-6/" + weights, "checkpoint-6/optimizer.safetensors")) {
            assertArrayEquals(Files.readAllBytes(whole.resolve(file)), Files.readAllBytes(stopped.resolve(file)), file);
        }
    }

    @Test
    void aRunWithAdaptersResumesBitForBit() throws IOException {
        assertResumes(DROPPING, "adapter_model.safetensors");
    }

    @Test
    void aRunWithFrozenTensorsResumesBitForBit() throws IOException {
        assertResumes(FROZEN, "model.safetensors");
    }

    /** Recomputing a layer must drop what was dropped, and add what adapters add. */
    @Test
    void gradientCheckpointingGivesTheSameAdapters() throws IOException {
        Path kept = tuned("kept", DROPPING);
        Path again = directory.resolve("again");
        train(config(DROPPING, "training.gradient_checkpointing=true"), again, Optional.of(base), false, silent());
        String file = "model/adapter_model.safetensors";
        assertArrayEquals(Files.readAllBytes(kept.resolve(file)), Files.readAllBytes(again.resolve(file)));
    }

    /** A listener that hands on what it hears. */
    private static ProgressListener hearing(BiConsumer<String, Object> listener) {
        return (ProgressListener) Proxy.newProxyInstance(LoraRunTest.class.getClassLoader(), new Class<?>[] {ProgressListener.class},
                (proxy, method, arguments) -> {
                    listener.accept(method.getName(), arguments == null ? "" : arguments[0]);
                    return null;
                });
    }

    @Test
    void frozenTensorsKeepTheirBitsAndHaveNoMoments() {
        Path run = tuned("frozen", FROZEN);
        Path before = base.resolve("model/model.safetensors");
        Path after = run.resolve("model/model.safetensors");
        assertEquals(tensors(before), tensors(after));
        List<String> moments = tensors(run.resolve("checkpoint-6/optimizer.safetensors"));
        for (String name : tensors(before)) {
            boolean frozen = name.startsWith("transformer.wte.") || name.startsWith("transformer.h.0.");
            assertEquals(!frozen, moments.contains("exp_avg." + name), name);
            if (frozen) {
                assertArrayEquals(values(before, name), values(after, name), name);
            } else {
                assertFalse(Arrays.equals(values(before, name), values(after, name)), name);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {LORA, FROZEN})
    void thePlanSaysHowMuchTrains(String tuning) {
        List<TrainingMemory> planned = new ArrayList<>();
        train(config(tuning, "training.max_steps=1"), directory.resolve("run"), Optional.of(base), false, hearing((name, seen) -> {
            if (seen instanceof TrainingMemory memory) {
                planned.add(memory);
            }
        }));
        TrainingMemory memory = planned.get(0);
        // V 262, D 8, T 16, two blocks; adapters of 8 to 24 and 32 to 8, rank 2
        long model = 262 * 8 + 16 * 8 + 2 * (12 * 64 + 13 * 8) + 16;
        long adapters = 2 * 2 * (8 + 24 + 32 + 8);
        long trained = tuning.equals(LORA) ? adapters : 16 * 8 + (12 * 64 + 13 * 8) + 16;
        assertEquals(4 * (model + (tuning.equals(LORA) ? adapters : 0)), memory.weights());
        assertEquals(4 * trained, memory.gradients());
        assertEquals(8 * trained, memory.moments());
        assertTrue(memory.toString().endsWith(tuning.equals(LORA) ? "; trainable params: 288 of 4,272 (6.74 %)"
                : "; trainable params: 1,016 of 3,984 (25.50 %)"), memory.toString());
    }

    private static String refusal(Runnable action) {
        return assertThrows(UserError.class, action::run).getMessage();
    }

    @Test
    void adaptersNeedAModelThatIsSavedWhole() throws IOException {
        String message = refusal(() -> train(config(LORA), directory.resolve("fresh"), Optional.empty(), false, silent()));
        assertTrue(message.startsWith("tuning.use_peft is true without --model: adapters are saved without the model they belong to, and one of "
                + "fresh weights would be lost. Train and save a model first (softq train --out RUN), then give it: --model RUN."), message);
        assertFalse(Files.exists(directory.resolve("fresh")));
        Path run = tuned("lora", LORA);
        assertEquals("--model " + run.resolve("model") + " is an adapter; adapters are trained on a model that is saved whole. Merge it first: "
                + "softq merge " + run.resolve("model") + " --out DIR, then --model DIR.",
                refusal(() -> train(config(LORA), directory.resolve("again"), Optional.of(run), false, silent())));
        Path other = directory.resolve("other");
        train(config("training.seed=7"), other, Optional.empty(), false, silent());
        message = refusal(() -> train(config(LORA), run, Optional.of(other), true, silent()));
        assertTrue(message.startsWith(run.resolve("checkpoint-6") + " holds adapters of the model " + base.resolve("model") + ", --model is "
                + other.resolve("model") + ". A resumed run continues bit for bit"), message);
        AtomicFiles.delete(base);
        message = refusal(() -> ModelDirectory.open(run));
        assertTrue(message.startsWith("the base of the adapter " + run.resolve("model") + " is not there: "), message);
    }

    @Test
    void aRunIsNotResumedOnOtherWeightsAtTheSamePlace() throws IOException {
        Path run = tuned("lora", LORA);
        assertTrue(Files.readString(run.resolve("checkpoint-6/softq_base.json")).contains("\"model.safetensors\" : \""));
        Path weights = base.resolve("model/model.safetensors");
        byte[] old = Files.readAllBytes(weights);
        byte[] other = old.clone();
        other[other.length - 1] ^= 1;
        Files.write(weights, other);
        String message = refusal(() -> train(config(LORA), run, Optional.of(base), true, silent()));
        assertTrue(message.startsWith("the run in " + run + " cannot go on, since a resumed run continues bit for bit and this differs:\n"
                + "  model that the run starts from: gpt2, weights of sha256 "), message);
        Files.write(weights, old);
        train(config(LORA), run, Optional.of(base), true, silent());
    }

    @Test
    void aSweepRefusesAdaptersBeforeItsFirstTrial() {
        Path out = directory.resolve("sweep");
        UserError refused = assertThrows(UserError.class, () -> new Study(Configuration.defaults()
                .set("evaluation={task: 'exact_match:response', samples: 4}").set("sweep={parameters: {tuning.use_peft: [false, true]}, seeds: [1]}"))
                .data(data.directory()).run(out));
        assertTrue(refused.getMessage().startsWith("tuning.use_peft is true, but the trials of a sweep begin from fresh weights, "), refused.getMessage());
        assertFalse(Files.exists(out));
    }

    /** What PEFT saves of {@code run}, alone. */
    private Path asPeftSaves(Path run) throws IOException {
        Path adapter = Files.createDirectory(directory.resolve("peft"));
        for (String name : List.of("adapter_config.json", "adapter_model.safetensors")) {
            Files.copy(run.resolve("model").resolve(name), adapter.resolve(name));
        }
        return adapter;
    }

    @ParameterizedTest
    @ValueSource(strings = {"generation_config.json", "config.json"})
    void anAdapterOfPeftsTwoFilesEndsItsTextsAsItsBase(String named) throws IOException {
        Path adapter = asPeftSaves(tuned("lora", LORA));
        Path model = base.resolve("model");
        ObjectMapper json = new ObjectMapper();
        Files.delete(model.resolve("generation_config.json"));
        Path file = model.resolve(named);
        ObjectNode tokens = Files.exists(file) ? (ObjectNode) json.readTree(file.toFile()) : json.createObjectNode();
        tokens.put("bos_token_id", 5).putArray("eos_token_id").add(0).add(7);
        json.writeValue(file.toFile(), tokens);
        Path merged = directory.resolve("merged");
        Merge.run(adapter, Output.at(merged), DType.F32, Long.MAX_VALUE);
        for (Path each : List.of(model, adapter, merged)) {
            try (ModelDirectory opened = ModelDirectory.open(each)) {
                assertEquals(Set.of(0, 7), opened.specialTokens().eosIds(), each.toString());
                assertEquals(OptionalInt.of(5), opened.specialTokens().bosId(), each.toString());
                assertEquals(6, ModelDirectory.configToContinue(opened.path(), Configuration.defaults()).section(TrainingConfig.class).maxSteps(), "of the base's softq.yaml");
            }
        }
        JsonNode before = json.readTree(model.resolve("config.json").toFile());
        assertEquals(before, json.readTree(merged.resolve("config.json").toFile()));
    }
}

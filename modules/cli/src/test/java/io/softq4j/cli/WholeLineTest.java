package io.softq4j.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.softq4j.common.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Corpus to data, run, samples, report, ONNX and frontier, each by its command, on a corpus and a model that are tiny. */
class WholeLineTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path TINY = TinyRun.directory();

    @TempDir
    private Path directory;

    private Launcher.Result softq(String... arguments) {
        return TinyRun.succeed(TinyRun.in(TINY).run(arguments));
    }

    private String out(String name) {
        return directory.resolve(name).toString();
    }

    private static void assertFiles(Path directory, String... names) {
        for (String name : names) {
            assertTrue(Files.exists(directory.resolve(name)), directory.resolve(name) + " is missing");
        }
    }

    private List<JsonNode> lines(Path file) throws IOException {
        List<JsonNode> rows = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            rows.add(JSON.readTree(line));
        }
        return rows;
    }

    @Test
    void prepareAndTrainLeaveWhatTheyAnnounce() throws IOException {
        assertFiles(TINY.resolve("data"), "train/manifest.json", "validation/manifest.json", "tokenizer.json", "data-card.md", "config.yaml");
        assertFiles(TINY.resolve("run"), "config.yaml", "checkpoint-4", "checkpoint-8", "model/model.safetensors", "model/config.json",
                "model/tokenizer.json", "model/generation_config.json", "model/softq.yaml");
        List<JsonNode> metrics = lines(TINY.resolve("run/metrics.jsonl"));
        assertEquals(10, metrics.size(), "8 steps and 2 evaluations");
        assertTrue(metrics.get(8).get("loss").asDouble() < metrics.get(0).get("loss").asDouble(), metrics.toString());
        assertEquals(0.1, metrics.get(0).get("lambda").asDouble());
    }

    @Test
    void preparingTheSameAgainDoesNothingAndShowsTheCard() throws IOException {
        FileTime made = Files.getLastModifiedTime(TINY.resolve("data/train/manifest.json"));
        Launcher.Result result = softq("prepare", "-c", "tiny.yaml", "--out", "data");
        assertTrue(result.out().startsWith("data holds exactly this preparation already; nothing was done\npart "), result.out());
        assertTrue(result.out().contains("\ntokens of a row for train (median ") && result.out().contains("█"), result.out());
        assertTrue(result.out().contains("\nspecial tokens for train: <|endoftext|> 60\n"), result.out());
        assertTrue(result.out().contains("\n  say 1 a:⟦ a<|endoftext|>⟧\n"), result.out());
        assertEquals(made, Files.getLastModifiedTime(TINY.resolve("data/train/manifest.json")));
        assertFiles(TINY.resolve("data"), "lengths.png", "data-card.json");
    }

    @Test
    void inspectShowsIdsTextAndMask() {
        String out = softq("inspect", "data", "1", "--part", "validation").out();
        assertTrue(out.startsWith("example 1 of 6: "), out);
        assertTrue(out.contains("\nsay 2 b:⟦ b b<|endoftext|>⟧\n"), out);
        assertTrue(Pattern.compile("\n +0 +\\d+ +0  \"s").matcher(out).find(), out);
        assertTrue(Pattern.compile("\n +\\d+ +0 +1  \"<\\|endoftext\\|>\"").matcher(out).find(), out);
        assertFalse(softq("inspect", "data", "0", "--text").out().contains("position"));
        assertEquals("softq: error: there is no example 6 in data/validation: it has 6, counted from 0\n",
                TinyRun.in(TINY).run("inspect", "data", "6", "--part", "validation").err());
        assertEquals("softq: error: data has no part test; it has [train, validation]\n",
                TinyRun.in(TINY).run("inspect", "data", "--part", "test").err());
    }

    @Test
    void trainingWithoutDataPreparesItOnce() throws IOException {
        Launcher softq = Launcher.in(TINY).with(Map.of("OMP_NUM_THREADS", "1", "SOFTQ_CACHE", out("cache")));
        String[] arguments = {"train", "-c", "tiny.yaml", "--set", "training.max_steps=1", "--out"};
        Launcher.Result first = TinyRun.succeed(softq.run(append(arguments, out("a"))));
        Launcher.Result second = TinyRun.succeed(softq.run(append(arguments, out("b"))));
        assertTrue(first.err().contains("prepared the data, in " + out("cache") + "/data/"), first.err());
        assertTrue(second.err().contains("prepared before, in " + out("cache") + "/data/"), second.err());
        assertArrayEquals(Files.readAllBytes(directory.resolve("a/model/model.safetensors")),
                Files.readAllBytes(directory.resolve("b/model/model.safetensors")));
    }

    private static String[] append(String[] arguments, String last) {
        return Stream.concat(Arrays.stream(arguments), Stream.of(last)).toArray(String[]::new);
    }

    @Test
    void theSameTrainingGivesTheSameBytes() throws IOException {
        for (String out : new String[] {"once", "twice"}) {
            TinyRun.succeed(Launcher.in(TINY).run("train", "-c", "tiny.yaml", "--data", "data", "--out", out(out)));    // with all threads
        }
        assertArrayEquals(Files.readAllBytes(directory.resolve("once/model/model.safetensors")),
                Files.readAllBytes(directory.resolve("twice/model/model.safetensors")));
    }

    @Test
    void trainReportsOnStandardOutputAndTellsOnStandardError() {
        Launcher.Result result = softq("train", "--data", "data", "-c", "tiny.yaml", "--out", out("run"), "--set", "objective.lambda=0");
        assertTrue(result.out().startsWith("8 steps: loss "), result.out());
        assertTrue(result.out().contains("validation: loss ") && result.out().contains("model in " + out("run") + "/model"), result.out());
        assertTrue(result.err().contains("step 8 of 8  loss "), result.err());
        assertTrue(result.err().startsWith("memory: 0."), result.err());
        Launcher.Result resumed = softq("train", "--data", "data", "-c", "tiny.yaml", "--out", out("run"), "--set", "objective.lambda=0", "--resume");
        assertTrue(resumed.out().startsWith("all 8 steps were done before\n"), resumed.out());
    }

    @Test
    void profileShowsEachKindOfOpAndWhatTheMachineCanDo() {
        Launcher.Result result = softq("train", "--data", "data", "-c", "tiny.yaml", "--out", out("run"), "--profile");
        for (String word : new String[] {"LinearGradient", "ChunkedHead", "AdamW", "gradient norm", "of peak", "peak here and now: products "}) {
            assertTrue(result.out().contains(word), word + " is not in " + result.out());
        }
    }

    @Test
    void explainShowsTheStepAndItsMemoryAndLeavesNothing() {
        Launcher.Result result = softq("train", "--data", "data", "-c", "tiny.yaml", "--out", out("run"), "--explain");
        assertTrue(result.out().contains("Attention.Gradient") && result.out().contains(" ops, "), result.out());
        assertTrue(result.out().contains("memory: ") && !result.out().contains(" in ops that run again"), result.out());
        assertFalse(Files.exists(directory.resolve("run")));
        Launcher.Result again = softq("train", "--data", "data", "-c", "tiny.yaml", "--out", out("run"), "--explain", "--set",
                "training.gradient_checkpointing=true");
        assertTrue(again.out().contains("Linear again"), again.out());
    }

    @Test
    void gradientCheckpointingGivesTheSameModel() throws IOException {
        softq("train", "--data", "data", "-c", "tiny.yaml", "--out", out("whole"));
        softq("train", "--data", "data", "-c", "tiny.yaml", "--out", out("again"), "--set", "training.gradient_checkpointing=true");
        assertArrayEquals(Files.readAllBytes(directory.resolve("whole/model/model.safetensors")),
                Files.readAllBytes(directory.resolve("again/model/model.safetensors")));
    }

    @Test
    void aModelIsTrainedOnFromAnother() throws IOException {
        softq("train", "-c", "tiny.yaml", "--data", "data", "--model", "run", "--out", out("on"), "--set", "objective.lambda=0");
        double first = lines(directory.resolve("on/metrics.jsonl")).get(0).get("nll").asDouble();
        double fresh = lines(TINY.resolve("run/metrics.jsonl")).get(0).get("nll").asDouble();
        assertTrue(first < fresh - 0.5, "begins at " + first + ", fresh weights at " + fresh);
    }

    @Test
    void generatePrintsTheContinuationsAndNothingElse() {
        Launcher.Result result = softq("generate", "run", "--prompt", "say 2 a:", "--prompt", "say 1 b:", "--set",
                "generation.num_return_sequences=2");
        assertEquals("generation: sampling; max_new_tokens 6, top_k 0 (run/model/softq.yaml); num_return_sequences 2 (--set)"
                + "; temperature 1.0, top_p 1.0 (default)\n", result.err());
        assertEquals(result.out(), softq("generate", "run", "--prompt", "say 2 a:", "--prompt", "say 1 b:", "--set",
                "generation.num_return_sequences=2").out(), "the same seed gives the same samples");
        assertEquals(2, result.out().split("say 2 a:", -1).length - 1, result.out());
        assertTrue(result.out().startsWith("say 2 a:") && result.out().contains("\nsay 1 b:"), result.out());
    }

    @Test
    void aPromptOfSeveralLinesIsContinuedAsItIsAndSetApart() {
        String prompt = "a\nb";
        Launcher.Result result = softq("generate", "run", "--prompt", prompt, "--set", "generation.num_return_sequences=2");
        assertTrue(result.out().startsWith("a\nb"), result.out());
        assertTrue(result.out().contains("\n\na\nb"), result.out());
    }

    @Test
    void oneContinuationIsTheSameTextAsAmongSeveral() {
        String alone = softq("generate", "run", "--prompt", "say 2 a:").out();
        assertTrue(alone.startsWith("say 2 a:") && alone.endsWith("\n") && alone.length() > "say 2 a:\n".length(), alone);
        String several = softq("generate", "run", "--prompt", "say 2 a:", "--prompt", "say 1 b:").out();
        assertTrue(several.startsWith(alone + "say 1 b:"), several);
    }

    @Test
    void generateStopsAtStopStringsAndAtEveryEndTokenOfTheFiles() throws IOException {
        String free = softq("generate", "run", "--prompt", "say 2 a:", "--set", "generation.do_sample=false").out();
        String text = free.substring("say 2 a:".length()).replace(" [cut off]", "").stripTrailing();
        String stop = text.substring(text.length() - 2);
        assertEquals("say 2 a:" + text.substring(0, text.indexOf(stop)) + "\n", softq("generate", "run", "--prompt", "say 2 a:", "--set",
                "generation.do_sample=false", "--set", "generation.stop_strings=['" + stop + "']").out());
        // a Hugging Face directory: no softq.yaml, and a list of end tokens, of which every token is one
        Path published = Files.createDirectory(directory.resolve("published"));
        for (String file : new String[] {"config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"}) {
            Files.copy(TINY.resolve("run/model").resolve(file), published.resolve(file));
        }
        String all = IntStream.range(0, 262).boxed().toList().toString();
        Files.writeString(published.resolve("generation_config.json"), "{\"eos_token_id\": " + all + "}");
        assertEquals("say 2 a:\n", softq("generate", published.toString(), "--prompt", "say 2 a:").out());
    }

    @Test
    void aBeamSearchIsWrittenWithLogProbabilitiesBestFirst() throws IOException {
        softq("generate", "run", "--prompt", "say 2 a:", "--prompt", "say 1 b:", "--out", out("beams.jsonl"), "--logprobs", "--set",
                "generation={do_sample: false, num_beams: 4, num_return_sequences: 3, length_penalty: 0.6}");
        List<JsonNode> rows = lines(directory.resolve("beams.jsonl"));
        assertEquals(6, rows.size());
        double before = 0;
        for (JsonNode row : rows) {
            assertEquals(row.get("tokens").asInt(), row.get("logprobs").size());
            assertEquals(row.get("ended").asBoolean() ? "stop" : "length", row.get("finish_reason").asText());
            double sum = 0;
            for (JsonNode logprob : row.get("logprobs")) {
                sum += logprob.asDouble();
            }
            double score = sum / Math.pow(row.get("tokens").asInt(), 0.6);
            assertTrue(rows.indexOf(row) % 3 == 0 || score <= before, rows.toString());
            before = score;
        }
    }

    @Test
    void chatAnswersTheMessagesThatAreGiven() throws IOException {
        Path template = Files.writeString(directory.resolve("t.jinja"), "{% for m in messages %}{{ m['content'] }}{% endfor %}");
        String out = softq("chat", "run", "--template", template.toString(), "--message", "say 2 a:", "--set", "generation.do_sample=false").out();
        String expected = softq("generate", "run", "--prompt", "say 2 a:", "--set", "generation.do_sample=false").out();
        assertEquals(expected.substring("say 2 a:".length()).replace(" [cut off]", ""), out);
        assertEquals("", softq("chat", "run", "--template", template.toString()).out(), "nothing is said before the end of the input");
    }

    @Test
    void generateWritesJsonLines() throws IOException {
        Launcher.Result result = softq("generate", "run", "--prompts", "t.jsonl", "--limit", "3", "--out", out("samples.jsonl"));
        assertEquals("3 samples of 3 prompts in " + out("samples.jsonl") + "\n", result.out());
        List<JsonNode> rows = lines(directory.resolve("samples.jsonl"));
        assertEquals(List.of("say 1 a:", "say 2 b:", "say 3 c:"), rows.stream().map(row -> row.get("prompt").asText()).toList());
        for (JsonNode row : rows) {
            assertTrue(row.get("text").isTextual() && row.get("ended").isBoolean() && row.get("entropy").asDouble() >= 0, row.toString());
            assertTrue(row.has("finish_reason") && !row.has("logprobs"), row.toString());
            assertTrue(row.get("tokens").asInt() >= 1 && row.get("tokens").asInt() <= 6, row.toString());
        }
    }

    @Test
    void samplesCarryTheirRowTheirNumberTheirTokensAndTheColumns() throws IOException {
        Files.writeString(directory.resolve("p.jsonl"), """
                {"id": 7, "prompt": "say 2 a:", "text": "mine", "meta": {"level": 3}}
                {"id": 8, "prompt": "say 1 b:", "text": "too", "meta": null}
                """);
        softq("generate", "run", "--prompts", out("p.jsonl"), "--out", out("columns.jsonl"), "--logprobs", "--set", "generation.num_return_sequences=2");
        List<JsonNode> rows = lines(directory.resolve("columns.jsonl"));
        assertEquals(List.of("0.0", "0.1", "1.0", "1.1"), rows.stream().map(row -> row.get("row") + "." + row.get("sample")).toList());
        for (JsonNode row : rows) {
            assertEquals(7 + row.get("row").asInt(), row.get("id").asInt());
            assertEquals("{\"text\":\"" + (row.get("row").asInt() == 0 ? "mine" : "too") + "\"}", row.get("columns").toString());
            assertTrue(row.has("meta"), row.toString());
            assertEquals(row.get("tokens").asInt(), row.get("token_ids").size());
            assertEquals(row.get("logprobs").size(), row.get("token_ids").size());
        }
        softq("evaluate", "run", "--data", out("p.jsonl"), "--out", out("measured"), "--set", "evaluation={task: null, samples: 1, temperatures: [0]}");
        List<JsonNode> measured = lines(directory.resolve("measured/samples-0.0.jsonl"));
        assertEquals(List.of("0.0 7", "1.0 8"), measured.stream().map(row -> row.get("row") + "." + row.get("sample") + " " + row.get("id")).toList());
    }

    @Test
    void everyLineOfATextFileIsContinued() throws IOException {
        Files.writeString(directory.resolve("p.txt"), "say 2 a:\nsay 1 b:\n\nsay 3 c:\n");
        softq("generate", "run", "--prompts", out("p.txt"), "--out", out("text.jsonl"));
        assertEquals(List.of("say 2 a:", "say 1 b:", "say 3 c:"),
                lines(directory.resolve("text.jsonl")).stream().map(row -> row.get("prompt").asText()).toList());
    }

    @Test
    void promptsAreReadFromStandardInputWhateverTheirKind() throws IOException {
        Path text = Files.writeString(directory.resolve("typed"), "say 2 a:\nsay 1 b:\n");
        Launcher.Result typed = TinyRun.succeed(TinyRun.in(TINY).reading(text, "generate", "run", "--prompts", "-", "--out", out("typed.jsonl")));
        assertTrue(typed.err().contains("standard input: 2 prompts, the column text is continued as it is"), typed.err());
        assertEquals(List.of("say 2 a:", "say 1 b:"), lines(directory.resolve("typed.jsonl")).stream().map(row -> row.get("prompt").asText()).toList());
        Path packed = directory.resolve("packed");
        try (GZIPOutputStream gzip = new GZIPOutputStream(Files.newOutputStream(packed))) {
            gzip.write("\n {\"prompt\": \"say 3 c:\", \"id\": 5}\n".getBytes(StandardCharsets.UTF_8));
        }
        TinyRun.succeed(TinyRun.in(TINY).reading(packed, "evaluate", "run", "--data", "-", "--out", out("piped"), "--set",
                "evaluation={task: null, samples: 1, temperatures: [0]}"));
        assertEquals(5, lines(directory.resolve("piped/samples-0.0.jsonl")).get(0).get("id").asInt());
        assertEquals("standard input", JSON.readTree(directory.resolve("piped/report-0.0.json").toFile()).at("/data/files/0/path").asText());
        Launcher.Result nothing = TinyRun.in(TINY).reading(Files.createFile(directory.resolve("empty")), "generate", "run", "--prompts", "-");
        assertEquals(2, nothing.code());
        assertTrue(nothing.err().contains("softq: error: standard input has no rows."), nothing.err());
    }

    @Test
    void evaluatePrintsAColumnForEachTemperatureAndWritesReports() throws IOException {
        Launcher.Result result = softq("evaluate", "run", "--out", out("report"));
        List<String> table = result.out().lines().toList();
        assertTrue(table.get(0).matches("metric +T=0\\.7 +T=1\\.0 +references"), result.out());
        assertTrue(table.get(2).startsWith("accuracy \u2191 ") && table.get(3).startsWith("pass@1 \u2191 "), result.out());
        assertTrue(Files.readString(directory.resolve("report/report.html")).contains("<title>softq evaluate</title>"));
        for (String temperature : new String[] {"0.7", "1.0"}) {
            JsonNode report = JSON.readTree(directory.resolve("report/report-" + temperature + ".json").toFile());
            assertEquals("accuracy|task:exact_match:response", report.at("/metrics/0/signature").asText());
            assertEquals(16, lines(directory.resolve("report/samples-" + temperature + ".jsonl")).size(), "4 samples of 4 prompts");
            assertTrue(report.get("model").get("path").asText().endsWith("run/model"), report.get("model").toString());
            JsonNode data = report.get("data");
            String file = data.get("files").get(0).get("path").asText();
            assertTrue(file.endsWith(".jsonl"), file);
            assertEquals(Sha256.of(TINY.resolve(file)), data.get("files").get(0).get("sha256").asText());
            assertEquals("1-4", data.get("rows").asText());
        }
    }

    /** A temperature that only one of them has would otherwise stand beside those of the other. */
    @Test
    void aDirectoryOfReportsHoldsThoseOfOneModel() throws IOException {
        softq("evaluate", "run", "--out", out("report"));
        String[] another = {"evaluate", "run/checkpoint-4", "--out", out("report"), "--set", "evaluation.temperatures=[1.5]"};
        Launcher.Result refused = TinyRun.in(TINY).run(another);
        assertEquals(2, refused.code(), refused.err());
        assertTrue(refused.err().contains(out("report") + " holds reports of another model: report-0.7.json is of ")
                && refused.err().contains("run/checkpoint-4 (") && refused.err().contains("--force"), refused.err());
        softq("evaluate", "run", "--out", out("report"), "--set", "evaluation.temperatures=[1.0]");
        softq(Stream.concat(Stream.of(another), Stream.of("--force")).toArray(String[]::new));
        try (Stream<Path> files = Files.list(directory.resolve("report"))) {
            assertEquals(List.of("report-1.5.json", "report.html", "samples-1.5.jsonl"), files.map(file -> file.getFileName().toString()).sorted().toList());
        }
    }

    @Test
    void exportIsCheckedByOnnxRuntime() throws IOException {
        Launcher.Result result = softq("export", "run", "--out", out("onnx"));
        assertTrue(result.out().matches("(?s).*model.onnx: logits of up to \\S+ agree with onnxruntime \\S+ within \\S+; rounding alone "
                + "changes them by \\S+, allowed are \\S+ KL divergence \\S+ \\(allowed \\S+\\); likeliest tokens and "
                + "greedy decoding are the same\n"), result.out());
        assertFiles(directory.resolve("onnx"), "model.onnx", "parity.json", "tokenizer.json", "config.json");
        JSON.readTree(directory.resolve("onnx/parity.json").toFile());
        softq("export", "run/checkpoint-4", "--out", out("onnx"));
    }

    @Test
    void aSweepIsDrawnAndTheSecondTimeGoesOnWhereItStopped() throws IOException {
        Path sweep = directory.resolve("sweep");
        Launcher.Result first = softq("sweep", "-c", "tiny.yaml", "--data", "data", "--out", sweep.toString());
        assertFiles(sweep, "sweep.json", "frontier.png", "frontier.svg", "frontier.json", "trial-000-lambda=0-seed=1/model/model.safetensors",
                "trial-001-lambda=0.1-seed=1/metrics.jsonl", "trial-001-lambda=0.1-seed=1/evaluation.json");
        assertTrue(first.out().contains("lambda=0.1") && first.out().contains("hypervolume"), first.out());
        for (JsonNode trial : JSON.readTree(sweep.resolve("sweep.json").toFile()).get("trials")) {
            assertEquals("complete", trial.get("status").asText().toLowerCase(java.util.Locale.ROOT), trial.toString());
        }
        List<FileTime> written = times(sweep);
        Launcher.Result second = softq("sweep", "-c", "tiny.yaml", "--data", "data", "--out", sweep.toString());
        assertEquals(first.out(), second.out());
        assertTrue(second.err().contains("2 trials, 2 done before") && !second.err().contains("step "), second.err());
        assertEquals(written, times(sweep), "trained again");

        Launcher.Result other = TinyRun.in(TINY).run("sweep", "-c", "tiny.yaml", "--data", "data", "--out", sweep.toString(), "--set",
                "training.max_steps=9");
        assertEquals(2, other.code());
        assertTrue(other.err().contains("belongs to another study. config.training.max_steps: 8 there, 9 now. "), other.err());
    }

    private static List<FileTime> times(Path sweep) throws IOException {
        List<FileTime> times = new ArrayList<>();
        try (Stream<Path> files = Files.walk(sweep)) {
            for (Path file : files.filter(f -> f.endsWith("model.safetensors")).sorted().toList()) {
                times.add(Files.getLastModifiedTime(file));
            }
        }
        assertFalse(times.isEmpty());
        return times;
    }

    @Test
    void aSlipInTheLastSettingOfASweepShowsBeforeTheFirstTraining() {
        Launcher.Result result = TinyRun.in(TINY).run("sweep", "-c", "tiny.yaml", "--data", "data", "--out", out("sweep"), "--set",
                "sweep.parameters={objective.lambda: [0, -1]}");
        assertEquals(2, result.code());
        assertTrue(result.err().contains("softq: error: sweep.parameters, at lambda=-1: objective: lambda must be at least 0"),
                result.err());
        assertFalse(Files.exists(directory.resolve("sweep")), "left behind");
        Launcher.Result data = TinyRun.in(TINY).run("sweep", "-c", "tiny.yaml", "--data", "data", "--out", out("sweep"), "--set",
                "sweep.parameters={data.max_length: [8, 16]}");
        assertEquals(2, data.code());
        assertTrue(data.err().contains("softq: error: sweep.parameters.data.max_length would change nothing: "), data.err());
    }

    @Test
    void aSweepWithAFailedTrialDrawsTheOthersAndIsNoSuccess() {
        Launcher.Result result = TinyRun.in(TINY).run("sweep", "-c", "tiny.yaml", "--data", "data", "--out", out("sweep"), "--set",
                "sweep.parameters={objective.lambda: [0], training.learning_rate: [1e-2, 1e30]}", "--set", "training.save_steps=0");
        assertEquals(2, result.code(), result.toString());
        assertTrue(result.out().contains("learning_rate=0.01") && !result.out().contains("1e30"), result.out());
        assertTrue(result.err().contains("softq: error: 1 of 2 trials failed, tables and picture are of the others. "
                + "The first, trial-001-lambda=0-learning_rate=1e30-seed=1: step "), result.err());
        assertTrue(Files.exists(directory.resolve("sweep/frontier.png")));
    }

    @Test
    void pathsWithSpacesAndYamlCharactersWork() throws IOException {
        Path odd = Files.createDirectory(directory.resolve("a b [1]"));
        Path corpus = Files.copy(TINY.resolve("c.jsonl"), odd.resolve("my: #1 {corpus}.jsonl"));
        Launcher.Result result = TinyRun.succeed(TinyRun.in(odd).run("prepare", "--set", "data.train=" + corpus, "--set", "data.prompt=Do: {prompt}",
                "--set", "data.response={response}", "--out", "da ta"));
        assertTrue(result.out().lines().anyMatch(line -> line.startsWith("train ") && line.contains("60")), result.out());
        assertTrue(Files.readString(odd.resolve("da ta/config.yaml")).contains("prompt: 'Do: {prompt}'"), "not the template that was typed");
    }
}

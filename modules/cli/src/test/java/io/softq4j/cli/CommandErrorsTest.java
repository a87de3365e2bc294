package io.softq4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.softq4j.workflow.Sections;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a user can get wrong: one message on standard error, exit code 2, no stack trace, nothing left behind. Through the real launcher. */
class CommandErrorsTest {

    private static final Path TINY = TinyRun.directory();

    @TempDir
    private Path directory;

    /** The one message of a failure. */
    private String error(String... arguments) throws IOException {
        List<String> before = files();
        Launcher.Result result = TinyRun.in(directory).run(arguments);
        assertEquals(2, result.code(), result.toString());
        assertEquals("", result.out());
        int begins = result.err().indexOf("softq: error: "); // behind what was told of prompts and settings
        assertTrue(begins >= 0 && result.err().endsWith("\n"), result.err());
        assertEquals(1, result.err().split("softq: error: ", -1).length - 1, "more than one message: " + result.err());
        assertFalse(result.err().contains("\tat ") || result.err().contains("Exception"), result.err());
        assertEquals(before, files(), "left behind");
        return result.err().substring(begins + "softq: error: ".length()).strip();
    }

    private List<String> files() throws IOException {
        try (Stream<Path> walk = Files.walk(directory)) {
            return walk.map(path -> directory.relativize(path).toString()).sorted().toList();
        }
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    private static String tiny(String name) {
        return TINY.resolve(name).toString();
    }

    @Test
    void aMissingCorpusIsNamedWithTheDirectoryItWasLookedForIn() throws IOException {
        assertEquals("there is no file or directory nope.jsonl. The current directory is " + directory.toRealPath() + "; there lies nothing",
                error("prepare", "--set", "data.train=nope.jsonl", "--out", "data"));
    }

    @Test
    void aRunIsNotPreparedDataAndSaysWhereItsOwnAre() throws IOException {
        assertEquals(tiny("run") + " is a run of softq train, and prepared data are wanted. Those that it was trained on are in "
                + TINY.resolve("data") + ".", error("inspect", tiny("run")));
        assertTrue(error("train", "--data", tiny("run"), "--out", "x").contains(" is a run of softq train, and prepared data are wanted."));
    }

    @Test
    void aWeightThatIsNoNumberIsNamed() throws IOException {
        assertEquals("--data " + tiny("data") + ":x: the weight after the colon must be a number above 0, such as " + tiny("data") + ":3, was 'x'",
                error("train", "--data", tiny("data") + ":x", "--data", tiny("data"), "--out", "run"));
        assertTrue(error("train", "--data", tiny("data") + ":", "--out", "run").contains("was ''"));
    }

    @Test
    void standardOutputIsNoDirectoryAndNotTwoThings() throws IOException {
        assertEquals("--out -: standard output is not written to here. Give the name of a file or directory; one that is called - is ./-",
                error("export", tiny("run"), "--out", "-"));
        assertEquals("--out - and --json both write to standard output. Give one of them",
                error("generate", tiny("run"), "--prompt", "a", "--out", "-", "--json"));
    }

    @Test
    void samplesGoToStandardOutput() throws IOException {
        Launcher.Result result = TinyRun.succeed(TinyRun.in(directory).run("generate", tiny("run"), "--prompt", "say 1 a:", "--prompt", "b", "--out", "-"));
        List<String> lines = result.out().lines().toList();
        assertEquals(2, lines.size(), result.out());
        for (String line : lines) {
            assertTrue(new ObjectMapper().readTree(line).has("prompt"), line);
        }
        assertEquals(List.of(""), files());
        assertEquals(Sections.schema(), TinyRun.succeed(TinyRun.in(directory).run("config", "schema", "--out", "-")).out());
    }

    @Test
    void everyWarningBeginsInOneWay() throws IOException {
        write("c.jsonl", TinyRun.row("say a:", " a").repeat(4));
        Launcher.Result prepared = TinyRun.succeed(TinyRun.in(directory).run("prepare", "--set", "data.train=c.jsonl", "--set",
                "tokenizer.vocab_size=300", "--set", "data.filter.dedupe_threshold=0.5", "--out", "d"));
        assertTrue(prepared.err().contains("\nsoftq: warning: The corpus is too small for vocab_size 300"), prepared.err());
        assertTrue(("\n" + prepared.err()).contains("\nsoftq: warning: data.filter.dedupe_threshold is 0.5 (--set "), prepared.err());
        Launcher.Result sweep = TinyRun.in(directory).run("sweep", "-c", tiny("tiny.yaml"), "--data", tiny("data"), "--out", "s", "--set",
                "training.max_steps=1", "--set", "sweep.parameters={objective.lambda: [0.1]}");
        assertTrue(("\n" + sweep.err()).contains("\nsoftq: warning: sweep.seeds has one seed: "), sweep.err());
        assertTrue(("\n" + sweep.err()).contains("\nsoftq: warning: sweep.parameters.objective.lambda does not include 0"), sweep.err());
    }

    @Test
    void logProbabilitiesNeedAFile() throws IOException {
        assertEquals("--logprobs are written as JSON: give a file for JSON Lines with --out FILE, or --json",
                error("generate", tiny("run"), "--prompt", "a", "--logprobs"));
    }

    @Test
    void aBeamSearchThatSamplesIsRefused() throws IOException {
        assertTrue(error("generate", tiny("run"), "--prompt", "a", "--set", "generation={num_beams: 4, do_sample: true}").contains(
                "and a beam search does not sample. Set generation.do_sample to false to search, or generation.num_beams to 1 to sample"));
    }

    @Test
    void aConversationNeedsATemplate() throws IOException {
        assertTrue(error("chat", tiny("run"), "--message", "a").startsWith(tiny("run") + " has no chat template (neither chat_template.jinja nor "
                + "chat_template in tokenizer_config.json), so it was likely not trained on conversations: softq generate continues texts. If it was, "
                + "give the template with --template: one of "));
        assertTrue(error("chat", tiny("run"), "--message", "a", "--template", "nope").startsWith("--template is nope, which is neither one of "));
    }

    @Test
    void aMessageBeyondTheContextIsNamedWithItsTokens() throws IOException {
        Path template = write("t.jinja", "{% for m in messages %}{{ m['content'] }}{% endfor %}");
        assertEquals("the conversation has 40 tokens with this message, the model's context holds 16 (n_positions), with at least one of the answer. "
                + "Begin a new one (/reset), or say less.", error("chat", tiny("run"), "--template", template.toString(), "--message", "#".repeat(40)));
    }

    @Test
    void withoutACorpusTheKeyIsNamed() throws IOException {
        assertTrue(error("prepare", "--out", "data").startsWith("data.train is not set: which corpus?"));
    }

    @Test
    void aMalformedLineIsNamedByItsNumber() throws IOException {
        write("c.jsonl", TinyRun.row("a", "b") + TinyRun.row("c", "d") + "{\"prompt\": \"a\", response}\n");
        String message = error("prepare", "--set", "data.train=c.jsonl", "--out", "data");
        assertTrue(message.contains("c.jsonl:3: this is not JSON: "), message);
        assertTrue(message.endsWith("the line is: {\"prompt\": \"a\", response}"), message);
    }

    @Test
    void aWrongFieldNameIsAnsweredWithTheFieldsPresent() throws IOException {
        write("c.jsonl", "{\"question\": \"a\", \"answer\": \"b\"}\n");
        String message = error("prepare", "--set", "data.train=c.jsonl", "--set", "data.response={reply}", "--out", "data");
        assertTrue(message.contains("c.jsonl:1: there is no field \"reply\"; the row has [question, answer]."), message);
        message = error("prepare", "--set", "data.train=c.jsonl", "--set", "data.shape=alpaca", "--out", "data");
        assertTrue(message.contains("c.jsonl:1: a corpus of shape alpaca has the columns [instruction, output]; the row has [question, answer]. "), message);
    }

    @Test
    void anUnknownKeyOfAFileIsNamedByItsLineWithTheKeyThatWasMeant() throws IOException {
        write("c.yaml", "training:\n  max_steps: 3\n  learning_rat: 1e-3\n");
        assertEquals("c.yaml:3: unknown key 'training.learning_rat'. Did you mean 'training.learning_rate'?",
                error("train", "-c", "c.yaml", "--data", tiny("data"), "--out", "run"));
    }

    /** The first message of a failure that names several. */
    private List<String> errors(String... arguments) throws IOException {
        return error(arguments).lines().map(String::strip).toList();
    }

    @Test
    void oneRunReportsEveryMistakeBeforeDataArePreparedOrAModelIsRead() throws IOException {
        assertEquals(List.of("5 mistakes:",
                "--set lambda=1: unknown key 'lambda'. Did you mean 'objective.lambda'?",
                "--set training.learning_rate=-1: training: learning_rate must be above 0, was -1",
                "tuning.use_peft is true without --model: adapters are saved without the model they belong to, and one of fresh weights would be lost. "
                        + "Train and save a model first (softq train --out RUN), then give it: --model RUN. To resume, give the --model of the run again.",
                "objective.lambda never reaches 0.1: objective.mle_warmup_steps 3 and objective.lambda_ramp_steps 2 take 5 steps, the run has 5 "
                        + "(training.max_steps). Shorten them, train for more steps, or set objective.lambda=0 for maximum likelihood.",
                "there is no file or directory nope.jsonl. The current directory is " + directory.toRealPath() + "; there lies nothing"),
                errors("train", "--out", "run", "--set", "lambda=1", "--set", "training.learning_rate=-1", "--set", "tuning.use_peft=true", "--set",
                        "data.train=nope.jsonl", "--set", "training.max_steps=5", "--set", "objective.mle_warmup_steps=3", "--set",
                        "objective.lambda_ramp_steps=2"));
    }

    @Test
    void mistakesAreFoundBeforeTheModelIsRead() throws IOException {
        Files.createDirectories(directory.resolve("model"));
        write("model/config.json", "{}");
        for (String command : List.of("generate", "chat", "evaluate")) {
            List<String> arguments = new ArrayList<>(List.of(command, "model", "--set", "generation.temperatur=1", "--set", "generation.top_k=-1"));
            arguments.addAll(command.equals("generate") ? List.of("--prompt", "a") : List.of());
            List<String> errors = errors(arguments.toArray(String[]::new));
            assertEquals("2 mistakes:", errors.get(0));
            assertEquals("--set generation.temperatur=1: unknown key 'generation.temperatur'. Did you mean 'generation.temperature'?", errors.get(1));
        }
        assertEquals("3 mistakes:", errors("sweep", "--out", "s", "--data", "nope", "--set", "evaluation={task: gsm9k, samples: 1, pass_at_k: [1]}").get(0));
    }

    @Test
    void aLambdaThatNeverArrivesIsRefused() throws IOException {
        write("l.yaml", "objective: {mle_warmup_steps: 10, lambda_ramp_steps: 6}\ntraining: {num_train_epochs: 2, max_steps: -1}\n");
        String message = error("train", "-c", "l.yaml", "--data", tiny("data"), "--out", "run");
        assertEquals("objective.lambda never reaches 0.1: objective.mle_warmup_steps 10 and objective.lambda_ramp_steps 6 take 16 steps, the run has 16 "
                + "(training.num_train_epochs 2.0). Shorten them, train for more steps, or set objective.lambda=0 for maximum likelihood.",
                message);
        message = error("sweep", "-c", tiny("tiny.yaml"), "--data", tiny("data"), "--out", "s", "--set", "objective.mle_warmup_steps=8");
        assertTrue(message.startsWith("sweep.parameters, at lambda=0.1: objective.lambda never reaches 0.1: "), message);
    }

    @Test
    void aNegativeLambdaIsRefusedWithWhatIsAllowed() throws IOException {
        assertEquals("--set objective.lambda=-0.1: objective: "
                + "lambda must be at least 0 (0 is maximum likelihood; the paper uses 0.1 to 1), was -0.1",
                error("train", "--data", tiny("data"), "--out", "run", "--set", "objective.lambda=-0.1"));
    }

    @Test
    void dataThatWereNotPreparedAreRefusedWithTheCommandThatPreparesThem() throws IOException {
        String message = error("train", "--data", "nope", "--out", "run");
        assertEquals("nope holds no prepared data (no train/ in it). Make it first: softq prepare --config FILE --out nope", message);
    }

    @Test
    void aModelThatDoesNotFitIntoMemoryIsRefusedBeforeAnyIsAllocated() throws IOException {
        String message = error("train", "-c", tiny("tiny.yaml"), "--data", tiny("data"), "--out", "run", "--set", "model.n_embd=8192", "--set",
                "model.n_layer=48", "--set", "model.n_head=64");
        assertTrue(message.matches("training needs at least [0-9,.]+ GB for weights, gradients and AdamW's averages of [0-9,]+ parameters, but [0-9,.]+ GB "
                + "are free\\. 100 % of them are the layers \\(n_layer 48, n_embd 8192\\)\\. Choose a smaller model, or .*"), message);
    }

    /** A graph of a thousand layers takes half a minute to plan. */
    @Test
    void absurdSizesEndBeforeAnythingIsPlanned() throws IOException {
        long begin = System.nanoTime();
        String positions = error("train", "-c", tiny("tiny.yaml"), "--data", tiny("data"), "--out", "run", "--set", "model.n_layer=1000", "--set",
                "model.n_embd=6", "--set", "model.n_head=1", "--set", "model.n_positions=200000000");
        double seconds = (System.nanoTime() - begin) / 1e9;
        assertEquals("a tensor of the table of positions takes 4800000000 bytes as float32 (n_positions 200000000, n_embd 6); one tensor may take at most "
                + "2147483647. Choose a smaller size.", positions);
        assertTrue(seconds < 8, "took " + seconds + " s");
        write("config.json", "{\"model_type\": \"gpt2\", \"vocab_size\": 300, \"n_positions\": 64, \"n_embd\": 1000000, \"n_layer\": 1000, "
                + "\"n_head\": 1}");
        String explained = error("train", "-c", tiny("tiny.yaml"), "--data", tiny("data"), "--config-name", "config.json", "--out", "run", "--explain");
        assertTrue(explained.matches("training needs at least 192,0[0-9,.]+ GB for weights, .* parameters, more than any machine has\\. 100 % of them are "
                + "the layers \\(n_layer 1000, n_embd 1000000\\): likely a value is a mistake\\."), explained);
    }

    @Test
    void aRunIsNotOverwritten() throws IOException {
        String run = TINY.resolve("run").toString();
        String before = Files.readString(TINY.resolve("run/metrics.jsonl"));
        String message = error("train", "-c", tiny("tiny.yaml"), "--data", tiny("data"), "--out", run);
        assertEquals(run + " holds a run already (" + run + "/config.yaml). Resume it (--resume), choose another directory, or give --force to delete it.", message);
        assertEquals(before, Files.readString(TINY.resolve("run/metrics.jsonl")));
    }

    @Test
    void aModelThatIsNotThereIsNamedWithWhatMayStandThere() throws IOException {
        String message = error("generate", "nope", "--prompt", "say 2 a:");
        assertTrue(message.startsWith("there is no model directory nope (from " + directory.toRealPath() + "). Give a run directory"), message);
        assertEquals(message, error("export", "nope", "--out", "onnx"));
    }

    @Test
    void aPromptLongerThanTheContextIsShownWithBothLengths() throws IOException {
        String message = error("generate", tiny("run"), "--prompt", "say 1 a:", "--prompt", "a ".repeat(40).strip(), "--out", "samples.jsonl");
        assertTrue(message.startsWith("prompt 2, 'a a a a a a a a a a a a a a a a a a a a ...', has "), message);
        assertTrue(message.contains("the model's context holds 16 (n_positions)"), message);
    }

    @Test
    void anUnknownTaskIsAnsweredWithTheNearestOne() throws IOException {
        String message = error("evaluate", tiny("run"), "--data", tiny("t.jsonl"), "--task", "gsm9k", "--out", "report");
        assertTrue(message.startsWith("no task is called 'gsm9k'. Did you mean 'gsm8k'?"), message);
    }

    @Test
    void aTaskThatCannotJudgeARowSaysSoBeforeAnythingIsSampled() throws IOException {
        write("t.jsonl", "{\"prompt\": \"say 1 a:\", \"answer\": \"a\"}\n\n{\"prompt\": \"say 1 b:\"}\n");
        String message = error("evaluate", tiny("run"), "--data", "t.jsonl", "--task", "exact_match:answer", "--set", "evaluation.prompts=0");
        assertTrue(message.startsWith("t.jsonl:3: task 'exact_match:answer' needs the field 'answer' of each record; fields present: prompt."),
                message);
    }

    @Test
    void aSweepWithoutATaskHasNoQualityToMeasure() throws IOException {
        String message = error("sweep", "--data", tiny("data"), "--out", "sweep", "--set", "sweep.parameters={objective.lambda: [0, 0.1]}");
        assertTrue(message.startsWith("a sweep needs evaluation.task, which decides what is right: gsm8k, exact_match:FIELD,"), message);
    }

    @Test
    void aPreparationThatWasInterruptedIsRefused() throws IOException {
        for (String part : new String[] {"data", "data/train"}) {
            Files.createDirectory(directory.resolve(part));
        }
        String message = error("train", "--data", "data", "--out", "run");
        assertTrue(message.startsWith("data has no config.yaml, which says how its prompts are rendered: its preparation was interrupted."), message);
    }

    @Test
    void anOutputDirectoryWithSomethingElseInItIsLeftAlone() throws IOException {
        Files.createDirectory(directory.resolve("photos"));
        write("photos/cat.jpg", "meow");
        String message = error("export", tiny("run"), "--out", "photos");
        assertEquals("photos would be replaced, but it is not empty and holds no export by softq (model.onnx, parity.json, manifest.json). Choose another output path, "
                + "move it away, or give --force to replace it.", message);
    }
}

package io.softq4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.workflow.Sections;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code softq config}, through the real launcher. */
class ConfigCommandTest {

    @TempDir
    private Path directory;

    @BeforeEach
    void configuration() throws IOException {
        Files.writeString(directory.resolve("run.yaml"), "training:\n  learning_rate: 1e-3\nobjective: {lambda: 0.5}\n");
    }

    private Launcher.Result run(String... arguments) throws IOException {
        return Launcher.in(directory).run(arguments);
    }

    @Test
    void checkSaysThatAllIsWell() throws IOException {
        Launcher.Result result = run("config", "check", "-c", "run.yaml", "--set", "training.seed=7");
        assertEquals(0, result.code(), result.toString());
        assertEquals("run.yaml: no mistakes; 3 keys are set, the others have their defaults\n", result.out());
    }

    @Test
    void checkReportsAllMistakesAndExitsWith2() throws IOException {
        Launcher.Result result = run("config", "check", "-c", "run.yaml", "--set", "training.sed=7", "--set", "model.n_head=5", "--set",
                "tuning.lora_r=0");
        assertEquals(2, result.code(), result.toString());
        for (String mistake : new String[] {"3 mistakes:", "Did you mean 'training.seed'?", "n_embd must be a multiple of n_head",
            "lora_r must be at least 1, was 0"}) {
            assertTrue(result.err().contains(mistake), result.err());
        }
    }

    @Test
    void checkLooksIntoTheSweepAndAtClassesAndSchedules() throws IOException {
        Launcher.Result result = run("config", "check", "-c", "run.yaml", "--set", "evaluation.task=com.example.Mine", "--set",
                "sweep.parameters={objective.lamda: [0, 1]}", "--set", "data.filter.transforms=[com.example.Upper]");
        assertEquals(2, result.code(), result.toString());
        for (String mistake : new String[] {"3 mistakes:", "sweep.parameters, at lamda=0: unknown key 'objective.lamda'. Did you mean "
                + "'objective.lambda'?", "com.example.Mine", "com.example.Upper"}) {
            assertTrue(result.err().contains(mistake), mistake + " is not in " + result.err());
        }
        result = run("config", "check", "-c", "run.yaml", "--set", "training.max_steps=20", "--set", "objective.mle_warmup_steps=20");
        assertEquals(2, result.code(), result.toString());
        assertTrue(result.err().contains("objective.lambda never reaches 0.5"), result.err());
    }

    @Test
    void checkLooksForFilesWhenAsked() throws IOException {
        String[] files = {"--set", "data.train=[none.jsonl, run.yaml]", "--set", "data.chat_template=none.jinja", "--set",
            "evaluation.data=questions.jsonl", "--set", "tokenizer={type: file, file: tok}"};
        List<String> command = new ArrayList<>(List.of("config", "check"));
        command.addAll(List.of(files));
        assertEquals(0, run(command.toArray(String[]::new)).code());
        command.add("--files");
        Launcher.Result result = run(command.toArray(String[]::new));
        assertEquals(2, result.code(), result.toString());
        for (String missing : List.of("mistakes:", "none.jsonl", "none.jinja", "questions.jsonl", "tok")) {
            assertTrue(result.err().contains(missing), missing + " is not in " + result.err());
        }
    }

    @Test
    void whatIsNotReadIsNamedWithTheKeyThatDecides() throws IOException {
        String momentum = "training.sgd_momentum is 0.9 (--set training.sgd_momentum=0.9) and has no effect: it is read if training.optim is sgd, "
                + "which is adamw_torch\n";
        Launcher.Result result = run("config", "check", "--set", "training.sgd_momentum=0.9", "--set", "tuning.lora_r=4", "--set", "sweep.trials=3");
        assertEquals(0, result.code(), result.toString());
        assertTrue(result.err().contains(momentum), result.err());
        assertTrue(result.err().contains("tuning.lora_r is 4 ") && result.err().contains("sweep.trials is 3 "), result.err());
        String set = "sweep.parameters={training.optim: [sgd, adamw_torch]}";
        assertEquals("", run("config", "check", "--set", "training.sgd_momentum=0.9", "--set", set).err());
        assertEquals("", run("config", "check", "--set", "training.sgd_momentum=0.9", "--set", "training.optim=sgd").err());
        assertTrue(run("train", "--out", "x", "--set", "training.sgd_momentum=0.9", "--set", "data.train=none").err().contains("none"));
    }

    @Test
    void showNamesTheOriginOfEachValue() throws IOException {
        Launcher.Result result = run("config", "show", "-c", "run.yaml", "--set", "training.seed=7");
        assertEquals(0, result.code(), result.toString());
        for (String line : new String[] {"  learning_rate: 0.001 +# run.yaml:2", "  seed: 7 +# --set", "  lambda: 0.5 +# run.yaml:3",
                "  gamma: 1 +# default"}) {
            assertTrue(result.out().lines().anyMatch(shown -> shown.matches(line)), line + " in " + result.out());
        }
    }

    @Test
    void schemaIsPrintedOrWrittenAndOnlyAnEarlierOneIsReplaced() throws IOException {
        assertEquals(Sections.schema(), run("config", "schema").out());
        assertEquals(0, run("config", "schema", "--out", "softq.schema.json").code());
        assertEquals(0, run("config", "schema", "--out", "softq.schema.json").code());
        assertEquals(Sections.schema(), Files.readString(directory.resolve("softq.schema.json")));
        Launcher.Result refused = run("config", "schema", "--out", "run.yaml");
        assertEquals(2, refused.code(), refused.toString());
        assertTrue(Files.readString(directory.resolve("run.yaml")).startsWith("training:"));
    }
}

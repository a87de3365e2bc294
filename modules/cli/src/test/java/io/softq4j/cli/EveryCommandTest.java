package io.softq4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.softq4j.cli.terminal.Screen;
import io.softq4j.cli.terminal.Terminal;
import io.softq4j.common.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** What holds for every command of softq: {@code --json} gives one JSON value and nothing else, {@code --quiet} no progress. */
class EveryCommandTest {

    private static final String DATA = "-c TINY/tiny.yaml --set data.train=TINY/c.jsonl --set data.validation=TINY/t.jsonl";

    /**
     * Each command with arguments that do something, and a key of its results. TINY is the directory of {@link TinyRun}, OUT an empty one. A new command
     * gets a row here.
     */
    private static final Map<String, List<String>> ROWS = Map.ofEntries(
            Map.entry("completion", List.of("bash", "script")),
            Map.entry("prepare", List.of(DATA + " --out OUT/data", "card")),
            Map.entry("inspect", List.of("TINY/data 0 1", "examples")),
            Map.entry("train", List.of(DATA + " --data TINY/data --out OUT/run", "model")),
            Map.entry("generate", List.of("TINY/run --prompt say", "samples")),
            Map.entry("chat", List.of("TINY/run --template OUT/last.jinja -m say", "messages")),
            Map.entry("evaluate", List.of("TINY/run --set evaluation.data=TINY/t.jsonl", "reports")),
            Map.entry("compare", List.of("TINY/run TINY/run/checkpoint-4 --set evaluation.data=TINY/t.jsonl --out OUT/compare.html", "metrics")),
            Map.entry("sweep", List.of(DATA + " --data TINY/data --set evaluation.data=TINY/t.jsonl --out OUT/sweep", "frontier")),
            Map.entry("merge", List.of("OUT/adapter --out OUT/merged", "model")),
            Map.entry("export", List.of("TINY/run --out OUT/onnx", "parity")),
            Map.entry("models", List.of("TINY/run", "parameters")),
            Map.entry("convert", List.of("TINY/run --out OUT/half --dtype bfloat16", "bytes")),
            Map.entry("config check", List.of("-c TINY/tiny.yaml", "set")),
            Map.entry("config show", List.of("-c TINY/tiny.yaml", "training")),
            Map.entry("config schema", List.of("--out OUT/schema.json", "out")),
            Map.entry("doctor", List.of("", "checks")));

    /** Too long for here, or not on the class path of these tests: only their options are looked at. {@code .ci} runs the first. */
    private static final List<String> NOT_RUN = List.of("quickstart", "benchmark engine", "benchmark data", "benchmark metrics");

    @TempDir
    private Path out;

    /** @param err what was written to standard error, by whatever way */
    private record Ran(int code, String out, String err) {
    }

    static Stream<String> commands() {
        return leaves().keySet().stream();
    }

    static Stream<String> commandsThatAreRun() {
        return commands().filter(name -> !NOT_RUN.contains(name));
    }

    private static Map<String, CommandLine> leaves() {
        Map<String, CommandLine> leaves = new TreeMap<>();
        collect("", Softq.commandLine(), leaves);
        leaves.remove("help");
        return leaves;
    }

    private static void collect(String name, CommandLine command, Map<String, CommandLine> leaves) {
        if (command.getSubcommands().isEmpty()) {
            leaves.put(name, command);
        }
        command.getSubcommands().forEach((sub, line) -> collect(name.isEmpty() ? sub : name + " " + sub, line, leaves));
    }

    @AfterEach
    void showProgressAgain() {
        Terminal.quiet(false);
    }

    @ParameterizedTest
    @MethodSource("commands")
    void itHasTheOptionsOfAll(String name) {
        for (String option : List.of("--json", "--quiet", "-q", "--verbose", "--help")) {
            assertTrue(leaves().get(name).getCommandSpec().findOption(option) != null, "softq " + name + " has no option " + option
                    + ": JsonResults is a mixin of each command");
        }
        assertTrue(ROWS.containsKey(name) || NOT_RUN.contains(name), "give softq " + name + " a row in this test");
    }

    @ParameterizedTest
    @MethodSource("commandsThatAreRun")
    void itsResultsAreJsonAndNothingElse(String name) throws IOException {
        Ran ran = run(name, "--json", "--quiet");
        assertEquals(0, ran.code(), ran.toString());
        JsonNode results = Json.STRICT.readTree(ran.out());
        assertFalse(results.path(ROWS.get(name).get(1)).isMissingNode(), ran.out());
        assertTrue(ran.err().lines().allMatch(line -> line.startsWith("softq: ")), "--quiet, and yet: " + ran.err());
    }

    @ParameterizedTest
    @MethodSource("commandsThatAreRun")
    void itsTextIsNoJsonAndQuietLeavesItAlone(String name) throws IOException {
        Ran ran = run(name, "--quiet");
        assertEquals(0, ran.code(), ran.toString());
        assertFalse(ran.out().isEmpty() || ran.out().startsWith("{"), ran.out());
    }

    @Test
    void progressIsShownUnlessItIsForbidden() throws IOException {
        assertTrue(run("sweep").err().contains("trial 1 of 2"));
        assertFalse(run("sweep", "--force", "-q").err().contains("trial"));
        assertTrue(run("generate").err().contains("generation: "));
        Ran both = run("doctor", "-q", "-v");
        assertEquals(2, both.code());
        assertTrue(both.err().contains("-q (--quiet) and -v (--verbose) exclude each other"), both.err());
    }

    @Test
    void aMistakeIsTextOnStandardErrorAndNoResult() throws IOException {
        Ran ran = capture("inspect", TinyRun.directory().resolve("data").toString(), "7000", "--json");
        assertEquals(2, ran.code());
        assertEquals("", ran.out());
        assertTrue(ran.err().startsWith("softq: error: there is no example 7000"), ran.err());
    }

    private Ran run(String name, String... more) throws IOException {
        Files.writeString(out.resolve("last.jinja"), "{{ messages[-1].content }}");
        if (name.equals("merge")) {
            Ran trained = capture(split("train " + DATA + " --data TINY/data --model TINY/run --set tuning.use_peft=true --set tuning.lora_r=2 --set "
                    + "tuning.lora_target_modules=[c_attn] --out OUT/adapter"));
            assertEquals(0, trained.code(), trained.toString());
        }
        List<String> arguments = new ArrayList<>(List.of(split(name + " " + ROWS.get(name).get(0))));
        arguments.addAll(Arrays.asList(more));
        return capture(arguments.toArray(String[]::new));
    }

    private String[] split(String arguments) {
        return arguments.replace("TINY", TinyRun.directory().toString()).replace("OUT", out.toString()).strip().split(" ");
    }

    private static Ran capture(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        PrintStream system = System.err;
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
        try {
            CommandLine line = Softq.commandLine();
            line.setOut(Screen.of(out, false));
            int code = line.execute(arguments);
            line.getErr().flush();
            line.getOut().flush();
            return new Ran(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
        } finally {
            System.setErr(system);
        }
    }
}

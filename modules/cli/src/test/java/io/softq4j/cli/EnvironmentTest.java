package io.softq4j.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The real {@code ./softq} on machines unlike the first: other languages, terminals, temporary and home directories. */
class EnvironmentTest {

    @TempDir
    private Path directory;

    private static void assertSameBytes(Path expected, Path actual) throws IOException {
        assertArrayEquals(Files.readAllBytes(expected), Files.readAllBytes(actual), actual.toString());
    }

    /** Arabic of Egypt has digits of its own, Turkish a dotless i: \"PRECISION\".toLowerCase() is another word there. */
    @ParameterizedTest
    @CsvSource({"-Duser.language=ar -Duser.country=EG -Duser.extensions=u-nu-arab", "-Duser.language=tr -Duser.country=TR"})
    void theWholeLineLeavesTheSameBytesInEveryLanguage(String language) throws IOException {
        Path tiny = TinyRun.directory();
        Launcher softq = Launcher.in(tiny).with(Map.of("OMP_NUM_THREADS", "1", "SOFTQ_JAVA_OPTS", language));
        String data = directory.resolve("data").toString();
        String run = directory.resolve("run").toString();
        TinyRun.succeed(softq.run("prepare", "-c", "tiny.yaml", "--out", data));
        String trained = TinyRun.succeed(softq.run("train", "-c", "tiny.yaml", "--data", data, "--out", run)).out();
        assertTrue(trained.matches("(?s)8 steps: loss \\d\\.\\d{4}, .*"), trained);
        String report = TinyRun.succeed(softq.run("evaluate", run, "--data", "t.jsonl", "--task", "exact_match:response")).out();
        assertTrue(report.chars().noneMatch(c -> c >= 0x660 && c <= 0x669), report);
        TinyRun.succeed(softq.run("export", run, "--out", directory.resolve("onnx").toString()));
        for (String file : List.of("train/manifest.json", "tokenizer.json", "data-card.md", "train/shard-00000.bin")) {
            assertSameBytes(tiny.resolve("data").resolve(file), directory.resolve("data").resolve(file));
        }
        for (String file : List.of("model/model.safetensors", "model/config.json")) {
            assertSameBytes(tiny.resolve("run").resolve(file), directory.resolve("run").resolve(file));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "C", "POSIX", "xx_YY.UTF-8", "en_US.ISO-8859-1"})
    void filesOfAnyNameAreFoundInAnyLocale(String locale) throws IOException {
        Path made = Files.createDirectory(directory.resolve("d\u00f6n\u00fcm \u65e5\u672c \ud83d\ude00"));
        Files.writeString(made.resolve("\u0442\u0435\u043a\u0441\u0442.jsonl"), "{\"prompt\": \"a\", \"completion\": \"b\"}\n");
        Launcher softq = Launcher.in(made).with(Map.of("LC_ALL", locale, "LANG", locale, "LC_CTYPE", locale));
        TinyRun.succeed(softq.run("prepare", "--set", "data.train=\u0442\u0435\u043a\u0441\u0442.jsonl", "--set", "tokenizer.vocab_size=257", "--out",
                "\u00e9t\u00e9"));
        assertTrue(Files.exists(made.resolve("\u00e9t\u00e9/train/manifest.json")));
    }

    @Test
    void whereNoProgramMayRunInTheTemporaryDirectoryTheMessageSaysWhatToSet() throws IOException {
        Launcher.Result result = Launcher.in(directory).with(Map.of("TMPDIR", directory.resolve("none").toString())).run("--version");
        assertEquals(2, result.code());
        assertTrue(result.err().contains("Set TMPDIR to one where that works") && result.err().contains("java.io.tmpdir"), result.err());
        Path script = Files.writeString(directory.resolve("noexec"), """
                #!/bin/sh
                exec unshare -rm sh -c 'mkdir -p t && mount -t tmpfs -o noexec tmpfs t && TMPDIR=t exec "$0" "$@"' \"""" + Launcher.file() + "\" \"$@\"\n");
        assertTrue(script.toFile().setExecutable(true));
        assertTrue(Launcher.in(directory).at(script).run("--version").err().contains("or mounted noexec"));
    }

    private Launcher.Result redirected(String how, String... arguments) throws IOException {
        Path script = Files.writeString(directory.resolve("redirected"), "#!/bin/sh\nexec \"" + Launcher.file() + "\" \"$@\" " + how + "\n");
        assertTrue(script.toFile().setExecutable(true));
        return Launcher.in(directory).at(script).run(arguments);
    }

    @ParameterizedTest
    @ValueSource(strings = {"> /dev/full", ">&-"})
    void whatCannotBePrintedIsAnError(String how) throws IOException {
        Assumptions.assumeTrue(Files.exists(Path.of("/dev/full")));
        for (String[] arguments : new String[][] {{"config", "show", "--json"}, {"models"}, {"--help"}}) {
            Launcher.Result result = redirected(how, arguments);
            assertEquals(2, result.code(), String.join(" ", arguments));
            assertTrue(result.err().contains("standard output could not be written whole: "), result.err());
        }
    }

    @Test
    void aReaderThatHasEnoughIsNoError() throws IOException {
        Launcher.Result result = redirected("| true", "config", "schema");
        assertEquals("", result.err());
    }

    @Test
    void aClosedStandardInputHoldsNothing() throws IOException {
        Launcher.Result result = redirected("<&-", "generate", TinyRun.directory().resolve("run").toString(), "--prompts", "-");
        assertEquals(2, result.code());
        assertTrue(result.err().contains("standard input"), result.err());
        assertFalse(result.err().contains("UTF-8"), result.err());
    }

    @Test
    void temporaryFilesGoWhereTmpdirSays() throws IOException {
        Path temporary = Files.createDirectory(directory.resolve("mine"));
        String shown = Launcher.in(directory).with(Map.of("TMPDIR", temporary.toString(), "SOFTQ_JAVA_OPTS", "-XshowSettings:properties"))
                .run("--version").err();
        assertTrue(shown.contains("java.io.tmpdir = " + temporary), shown);
    }

    @Test
    void withoutAHomeThatCanBeWrittenTheCachesGoElsewhereWithALine() throws IOException {
        Path temporary = Files.createDirectory(directory.resolve("tmp"));
        Map<String, String> homeless = Map.of("HOME", "/proc", "XDG_CACHE_HOME", "", "SOFTQ_CACHE", "", "TMPDIR", temporary.toString());
        Launcher.Result result = TinyRun.succeed(Launcher.in(TinyRun.directory()).with(homeless).run("generate", "run", "--prompt", "say 2 b:"));
        assertTrue(result.err().startsWith("softq: no file can be written and run in /proc/.cache/softq4j (HOME is /proc); caches go to " + temporary),
                result.err());
    }

    @Test
    void theLineAboutTheIncubatorDoesNotAppearAndAllOthersDo() throws IOException {
        Path err = directory.resolve("err");
        for (int i = 0; i < 3; i++) {
            Process process = Launcher.in(directory).start(directory.resolve("out"), err, "generate", "nothing", "--prompt", "x");
            assertEquals(2, await(process));
            String text = Files.readString(err);
            assertTrue(text.startsWith("softq: error: ") && text.endsWith("\n"), text);
        }
    }

    @Test
    void whereBothStreamsAreOneFileTheirLinesStandInTheOrderTheyWereWritten() throws IOException {
        Path log = directory.resolve("log");
        Path late = Files.createDirectory(directory.resolve("late"));   // what passes through the launcher's filter comes after the end
        Path ended = directory.resolve("ended");
        Path cat = Files.writeString(late.resolve("cat"), "#!/bin/sh\nuntil [ -e '" + ended + "' ]; do sleep 0.2; done\nexec '" + Launcher.onPath("cat")
                + "' \"$@\"\n");
        Path script = Files.writeString(directory.resolve("both"), "#!/bin/sh\nPATH='" + late + "':$PATH exec '" + Launcher.file()
                + "' \"$@\" > '" + log + "' 2>&1\n");
        assertTrue(cat.toFile().setExecutable(true) && script.toFile().setExecutable(true));
        Launcher softq = TinyRun.in(TinyRun.directory());
        String[] command = {"generate", "run", "--prompts", "t.jsonl", "--set", "generation.do_sample=false"};
        Launcher.Result apart = TinyRun.succeed(softq.run(command));
        assertTrue(apart.err().contains("generation: greedy") && apart.out().contains("say 1 a:"), apart.toString());
        TinyRun.succeed(softq.at(script).run(command));
        String written = Files.readString(log);
        Files.createFile(ended);
        assertEquals(apart.err() + apart.out(), written);
    }

    private static int await(Process process) {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aTerminalIsNotSteeredByTextOfStrangersAndAPipeGetsItExactly() throws IOException {
        Assumptions.assumeTrue(Files.exists(Path.of("/usr/bin/script")), "no script(1) to make a terminal with");
        String nasty = "say 2 \u001b[31mb\u009b2J\u202e\u0007:\u27e6";
        Launcher softq = TinyRun.in(directory);
        String missing = directory.resolve("a\u001b[2Jb").toString();
        String piped = softq.run("inspect", missing).err();
        assertTrue(piped.contains("a\u001b[2Jb"), piped);
        Path script = Files.writeString(directory.resolve("terminal"), "#!/bin/sh\nexec script -qefc \"'" + Launcher.file()
                + "' $*\" /dev/null < /dev/null\n");
        assertTrue(script.toFile().setExecutable(true));
        String shown = softq.at(script).run("inspect", "'" + missing + "'").out();
        assertTrue(shown.contains("a\\u001B[2Jb") && !shown.contains("\u001b"), shown);
        Files.writeString(directory.resolve("c.jsonl"), "{\"prompt\": \"" + nasty.replace("\u001b", "\\u001b").replace("\u0007", "\\u0007")
                + "\", \"completion\": \" x\"}\n");
        String preview = TinyRun.succeed(softq.run("prepare", "--set", "data.train=c.jsonl", "--set", "tokenizer.vocab_size=257", "--out", "d")).out();
        assertTrue(preview.contains("say 2 \\u001B[31mb\\u009B2J\\u202E\\u0007:\\u27E6\u27e6 x"), preview);
        String coloured = softq.with(Map.of("TERM", "xterm")).at(script).run("inspect", "d", "0").out();
        assertTrue(coloured.contains("\u001b[32m") && !coloured.contains("\u001b[31m") && !coloured.contains("\u009b"), coloured);
        assertFalse(softq.with(Map.of("TERM", "dumb")).at(script).run("inspect", "d", "0").out().contains("\u001b"));
    }
}

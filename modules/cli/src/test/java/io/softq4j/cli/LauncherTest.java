package io.softq4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Help;

/** The program as a user starts it: the real {@code ./softq}, on the classes of this build. */
class LauncherTest {

    @TempDir
    private Path directory;

    @Test
    void helpTeachesTheCommandsWithExamples() {
        Launcher.Result result = Launcher.in(directory).run("--help");
        assertEquals(0, result.code(), result.toString());
        assertTrue(result.out().contains("Usage: softq [-hqvV] COMMAND"), result.out());
        assertTrue(result.out().contains("doctor") && result.out().contains("Examples:"), result.out());
        assertEquals("", result.err());
    }

    @Test
    void everyCommandHasAHeaderAndExamples() {
        Softq.commandLine().getSubcommands().forEach((name, command) -> {
            if (!name.equals("help")) {
                assertTrue(command.getCommandSpec().usageMessage().header().length > 0, name + " has no header");
                assertTrue(String.join("\n", command.getCommandSpec().usageMessage().footer()).contains("softq " + name), name + " has no example");
            }
        });
    }

    @Test
    void examplesFitATerminalOf80ColumnsUnbroken() {
        assertExamplesFit(Softq.commandLine());
    }

    private static void assertExamplesFit(CommandLine command) {
        List<String> shown = command.setUsageHelpAutoWidth(false).setUsageHelpWidth(80).getUsageMessage(Help.Ansi.OFF).lines().toList();
        for (String line : command.getCommandSpec().usageMessage().footer()) {
            assertTrue(shown.contains(line.replace("%%", "%")), command.getCommandName() + " --help breaks: " + line);
        }
        command.getSubcommands().values().forEach(LauncherTest::assertExamplesFit);
    }

    @Test
    void doctorFindsNothingBroken() throws IOException {
        Launcher.Result result = Launcher.in(directory).run("doctor", "--json");
        assertEquals(0, result.code(), result.toString());
        JsonNode checks = new ObjectMapper().readTree(result.out()).get("checks");
        for (JsonNode check : checks) {
            assertFalse(check.get("verdict").asText().equals("BAD"), check.toString());
            if (check.get("name").asText().equals("Disk")) {
                assertTrue(check.get("value").asText().endsWith(directory.toRealPath().toString()), "not the user's directory: " + check);
            }
        }
        assertTrue(checks.size() >= 12, result.out());
    }

    @Test
    void aCommandThatDoesNotExistIsTheUsersMistake() {
        Launcher.Result result = Launcher.in(directory).run("docter");
        assertEquals(2, result.code());
        assertTrue(result.err().contains("softq: error: Unmatched argument at index 0: 'docter'"), result.err());
        assertTrue(result.err().contains("Did you mean: softq doctor?"), result.err());
    }

    @Test
    void withoutJavaItSaysHowToInstallOne() throws IOException {
        Launcher.Result result = Launcher.in(directory).with(Map.of("PATH", pathWithoutJava().toString(), "JAVA_HOME", "")).run("--help");
        assertEquals(2, result.code(), result.toString());
        assertTrue(result.err().startsWith("softq: error: softq4j needs a JDK, version 17 or newer. No java on the PATH, and JAVA_HOME is not set."),
                result.err());
        assertTrue(result.err().contains("sudo apt-get install openjdk-17-jdk maven"), result.err());
    }

    @Test
    void tooFewAddressesAndTooSmallAHeapAreNamedWithWhatToSet() throws IOException {
        Path script = Files.writeString(directory.resolve("limited"), "#!/bin/sh\nulimit -v 2000000 && exec '" + Launcher.file() + "' \"$@\"\n");
        assertTrue(script.toFile().setExecutable(true));
        Launcher.Result result = Launcher.in(directory).at(script).run("doctor");
        assertEquals(2, result.code());
        assertEquals("softq: error: a process may have 1953 MB of addresses here (ulimit -v 2000000), softq4j needs 4096 MB, most of which it never "
                + "fills.\n  Raise the limit: ulimit -v unlimited\n", result.err());
        result = Launcher.in(directory).with(Map.of("SOFTQ_JAVA_OPTS", "-Xmx16m")).run("models");    // below what the launcher begins with
        assertFalse(result.err().contains("initialization of VM"), result.err());
    }

    /** As on a terminal: standard error passes through another process, and came late. */
    @Test
    void standardErrorStaysInOrderWithStandardOutput() throws IOException {
        Path shell = Files.writeString(directory.resolve("both"), "#!/bin/bash\nset -o pipefail\n\"$SOFTQ\" \"$@\" 2>&1 | cat\n");
        assertTrue(shell.toFile().setExecutable(true));
        Launcher both = Launcher.in(TinyRun.directory()).at(shell).with(Map.of("SOFTQ", Launcher.file().toString()));
        for (int times = 0; times < 3; times++) {
            List<String> lines = TinyRun.succeed(both.run("generate", "run", "--prompt", "say 2 b:")).out().lines().toList();
            assertTrue(lines.get(0).startsWith("generation: ") && lines.get(1).startsWith("say 2 b:"), lines.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-Xmx7m", "-Xmx2M", "-Xmx5000k", "-Xmx8000000 -Da=b", "-Xmx2g -Xmx15m"})
    void aHeapInWhichSoftqCannotStartIsRefusedByItsOption(String options) throws IOException {
        Launcher.Result result = Launcher.in(directory).with(Map.of("SOFTQ_JAVA_OPTS", options)).run("doctor");
        assertEquals(2, result.code(), result.err());
        assertTrue(result.err().matches("softq: error: SOFTQ_JAVA_OPTS has -Xmx\\w+: softq4j needs a Java heap of 16 MB to start(?s:.*)"), result.err());
        assertFalse(result.err().contains("\tat "), result.err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"-Xfoo", "-Xmx1g -XX:+NoSuchOption", "-Xmx1x", "nonsense"})
    void optionsThatJavaDoesNotTakeAreNamedWithTheVariable(String options) {
        Launcher.Result result = Launcher.in(directory).with(Map.of("SOFTQ_JAVA_OPTS", options)).run("models");
        assertEquals(2, result.code(), result.toString());
        assertTrue(result.err().startsWith("softq: error: Java does not take SOFTQ_JAVA_OPTS, which is '" + options + "': "), result.err());
        assertTrue(result.err().endsWith("\n  Correct it, for instance SOFTQ_JAVA_OPTS=-Xmx2g, or leave it out.\n"), result.err());
        assertFalse(result.err().contains("Could not create"), result.err());
    }

    @Test
    void optionsThatStartSomethingStartItOnce() {
        String options = "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:0 -Xmx300m";
        Launcher.Result result = Launcher.in(directory).with(Map.of("SOFTQ_JAVA_OPTS", options)).run("config", "check");
        assertEquals(0, result.code(), result.toString());
        assertEquals(2, result.out().split("Listening for transport", -1).length, result.out());
    }

    /** A tree of nothing but the launcher and a wrapper, which says how it was called and ends. */
    @Test
    void withoutMavenTheTreesOwnWrapperBuilds() throws IOException {
        Path tree = Files.createDirectories(directory.resolve("tree"));
        Files.createDirectories(tree.resolve("modules"));
        Files.createDirectories(tree.resolve("data-pipelines"));
        Files.createDirectories(tree.resolve("hyperparam"));
        Files.writeString(tree.resolve("pom.xml"), "");
        Path launcher = Files.copy(Launcher.file(), tree.resolve("softq"), StandardCopyOption.COPY_ATTRIBUTES);
        Path bin = Files.createDirectory(directory.resolve("programs"));
        for (String tool : List.of("bash", "readlink", "uname", "grep", "mkdir", "sed", "tail", "find", "head", "flock", "java", "nproc", "cat")) {
            Path script = Files.writeString(bin.resolve(tool), "#!/bin/sh\nexec " + Launcher.onPath(tool) + " \"$@\"\n");
            assertTrue(script.toFile().setExecutable(true));
        }
        Map<String, String> environment = Map.of("PATH", bin.toString(), "SOFTQ_CLASS_PATH", "", "JAVA_HOME", System.getProperty("java.home"));
        Launcher.Result none = Launcher.in(directory).with(environment).at(launcher).run("models");
        assertEquals(2, none.code(), none.toString());
        assertTrue(none.err().startsWith("softq: error: no Maven (mvn) is on the PATH, and softq4j has to be built. Install it"), none.err());
        Path wrapper = Files.writeString(tree.resolve("mvnw"), "#!/bin/bash\necho \"called with $*\"\nexit 1\n");
        assertTrue(wrapper.toFile().setExecutable(true));
        Launcher.Result built = Launcher.in(directory).with(environment).at(launcher).run("models");
        assertTrue(built.err().startsWith("softq: no Maven (mvn) is on the PATH: taking ./mvnw, which downloads one the first time\n"), built.err());
        assertTrue(built.err().contains("the build failed") && built.err().contains("called with -q -B -ntp "), built.err());
    }

    @Test
    void aJavaTooOldIsNamedWithItsPlace() throws IOException {
        Path old = directory.resolve("jdk 11");
        Files.createDirectories(old.resolve("bin"));
        Files.writeString(old.resolve("release"), "JAVA_VERSION=\"11.0.2\"\n");
        Path java = Files.writeString(old.resolve("bin/java"), "#!/bin/sh\nexit 3\n");
        assertTrue(java.toFile().setExecutable(true));
        Launcher.Result result = Launcher.in(directory).with(Map.of("PATH", pathWithoutJava().toString(), "JAVA_HOME", old.toString())).run("--help");
        assertEquals(2, result.code(), result.toString());
        assertTrue(result.err().contains("Found Java 11 in " + old + "."), result.err());
    }

    @Test
    void itWorksThroughASymbolicLinkInADirectoryWithSpaces() throws IOException {
        Path spaced = Files.createDirectory(directory.resolve("a b"));
        Path link = Files.createSymbolicLink(spaced.resolve("s q"), Launcher.file());
        Launcher.Result result = Launcher.in(spaced).at(link).run("--version");
        assertEquals(0, result.code(), result.toString());
        assertTrue(result.out().startsWith("softq4j "), result.out());
        Files.delete(link);
    }

    @Test
    void cudaWithoutAGpuFallsBackToTheCpuInOneLine() throws IOException {
        Launcher.Result result = Launcher.in(directory).with(Map.of("SOFTQ_BACKEND", "cuda", "CUDA_VISIBLE_DEVICES", "")).run("doctor", "--json");
        String nd4j = new ObjectMapper().readTree(result.out()).get("checks").toString();
        assertTrue(nd4j.contains("SOFTQ_BACKEND=cuda, but computing on the CPU: no usable GPU: "), nd4j);
        assertEquals(0, result.code(), result.toString());
        assertEquals("", result.err());
    }

    @Test
    void anUnknownBackendIsRefusedBeforeAnythingIsBuilt() {
        Launcher.Result result = Launcher.in(directory).with(Map.of("SOFTQ_BACKEND", "gpu")).run("doctor");
        assertEquals(2, result.code());
        assertEquals("softq: error: SOFTQ_BACKEND is 'gpu'; allowed are cpu and cuda.\n", result.err());
    }

    /** A PATH on which there are only the programs that the launcher needs to find out that there is no Java. */
    private Path pathWithoutJava() throws IOException {
        Path bin = Files.createDirectory(directory.resolve("bin"));
        for (String tool : new String[] {"bash", "readlink"}) {
            Path script = Files.writeString(bin.resolve(tool), "#!/bin/sh\nexec " + Launcher.onPath(tool) + " \"$@\"\n");
            assertTrue(script.toFile().setExecutable(true));
        }
        return bin;
    }
}

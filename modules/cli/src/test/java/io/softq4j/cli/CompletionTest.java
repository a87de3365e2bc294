package io.softq4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code softq completion} prints, read by the shells it is for. */
class CompletionTest {

    @TempDir
    private Path directory;

    private Path script;

    @BeforeEach
    void printIt() throws IOException {
        Launcher.Result result = Launcher.in(directory).run("completion", "bash");
        assertEquals(0, result.code(), result.toString());
        assertEquals("", result.err());
        script = Files.writeString(directory.resolve("completion"), result.out());
    }

    @Test
    void bashCompletesACommandAnOptionAndAValue() throws Exception {
        assertEquals(List.of("train"), completed("bash", "softq", "tr"));
        assertTrue(completed("bash", "softq", "train", "--re").contains("--resume"));
        assertEquals(List.of("--seed"), completed("bash", "softq", "quickstart", "--se"));
        assertEquals(List.of("zsh"), completed("bash", "softq", "completion", "z"));
        assertFalse(completed("bash", "softq", "").contains("softq"));
    }

    @Test
    void zshCompletesWithTheSameScript() throws Exception {
        Assumptions.assumeTrue(isOnPath("zsh"), "zsh is not installed");
        assertEquals(Files.readString(script), Launcher.in(directory).run("completion", "zsh").out());
        assertTrue(run("zsh", "-f", "-c", "source '" + script + "'; complete -p softq").contains("complete -F _complete_softq"));
        assertTrue(completed("zsh", "softq", "tr").contains("train"));    // zsh itself picks those that begin so
        assertTrue(completed("zsh", "softq", "train", "--re").contains("--resume"));
    }

    @Test
    void anotherShellIsRefusedWithThoseThereAre() {
        Launcher.Result result = Launcher.in(directory).run("completion", "fish");
        assertEquals(2, result.code());
        assertTrue(result.err().contains("[bash, zsh]") && result.err().contains("fish"), result.err());
    }

    /** What the shell offers for the last word. */
    private List<String> completed(String shell, String... words) throws Exception {
        StringBuilder typed = new StringBuilder();
        for (String word : words) {
            typed.append('\'').append(word).append("' ");
        }
        return run(shell, "-c", "source '" + script + "'; complete_it() { [ -z \"${ZSH_VERSION:-}\" ] || emulate -L ksh; COMP_WORDS=(" + typed
                + "); COMP_CWORD=" + (words.length - 1) + "; COMP_LINE=\"${COMP_WORDS[*]}\"; COMP_POINT=${#COMP_LINE}; "
                + "_complete_softq 2> /dev/null; printf '%s\\n' \"${COMPREPLY[@]}\"; }; complete_it").lines()
                .map(String::strip).filter(line -> !line.isEmpty()).toList();
    }

    private String run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(1, TimeUnit.MINUTES));
        return out;
    }

    private static boolean isOnPath(String program) {
        try {
            Launcher.onPath(program);
            return true;
        } catch (IllegalStateException e) {
            return false;
        }
    }
}

package io.softq4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.common.UserError;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class ErrorsTest {

    private final StringWriter err = new StringWriter();

    private int report(Throwable failure) {
        return Errors.report(failure, new PrintWriter(err, true));
    }

    @Test
    void aUsersMistakeIsOneMessageAndTwo() {
        assertEquals(2, report(new UserError("train.jsonl:3: no field 'text'", new IllegalStateException("inner"))));
        assertEquals("softq: error: train.jsonl:3: no field 'text'\n", err.toString());
    }

    @Test
    void aUsersMistakeIsFoundUnderWhatWrappedIt() {
        assertEquals(2, report(new RuntimeException("task failed", new java.util.concurrent.ExecutionException(new UserError("lambda is -1")))));
        assertEquals("softq: error: lambda is -1\n", err.toString());
    }

    @Test
    void aFaultOfOursIsOneLineAndOne() {
        assertEquals(1, report(new IllegalStateException("no such op")));
        assertEquals("softq: internal error: java.lang.IllegalStateException: no such op. Run with -v for the stack trace.\n", err.toString());
    }

    @Test
    void outOfMemoryNamesTheLimitsAndWhatToMakeSmaller() {
        assertEquals(2, report(new OutOfMemoryError("Java heap space")));
        assertTrue(err.toString().startsWith("softq: error: out of memory (Java heap space): heap "), err.toString());
        assertTrue(err.toString().contains("Make the batch, the sequence length or the model smaller"), err.toString());
        assertFalse(err.toString().contains("\tat "));
    }

    @Test
    void anUnknownOptionIsRefusedWithTheHelpToRead() {
        CommandLine line = Softq.commandLine();
        line.setErr(new PrintWriter(err, true));
        line.getSubcommands().get("doctor").setErr(new PrintWriter(err, true));
        assertEquals(2, line.execute("doctor", "--jsn"));
        assertEquals("softq: error: Unknown option: '--jsn'\nPossible solutions: --json\nTry 'softq doctor --help'.\n", err.toString());
    }
}

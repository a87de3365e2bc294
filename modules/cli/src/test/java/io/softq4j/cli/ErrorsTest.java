package io.softq4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.common.UserError;
import io.softq4j.training.TrainingConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

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
        assertTrue(err.toString().contains("SOFTQ_JAVA_OPTS=-Xmx"), err.toString());
        assertTrue(err.toString().contains("Make the batch, the sequence length or the model smaller"), err.toString());
        assertFalse(err.toString().contains("\tat "));
    }

    @Command(name = "train")
    private static final class ReadsAConfiguration implements Callable<Integer> {
        @Mixin
        private ConfigOptions options;

        @Override
        public Integer call() {
            return (int) options.configuration().read().section(TrainingConfig.class).seed();
        }
    }

    private CommandLine train() {
        CommandLine line = new CommandLine(new ReadsAConfiguration()).setErr(new PrintWriter(err, true));
        return line.setExecutionExceptionHandler(new Errors()).setParameterExceptionHandler(new Errors());
    }

    @Test
    void theOptionsOfAConfigurationAreFileAndAssignments(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("c.yaml"), "training: {seed: 11}");
        assertEquals(42, train().execute());
        assertEquals(11, train().execute("-c", file.toString()));
        assertEquals(13, train().execute("-c", file.toString(), "--set", "training.seed=12", "--set", "training.seed=13"));
    }

    @Test
    void anUnknownConfigurationKeyIsTheUsersMistake() {
        assertEquals(2, train().execute("--set", "training.sead=3"));
        assertEquals("softq: error: --set training.sead=3: unknown key 'training.sead'. Did you mean 'training.seed'?\n", err.toString());
    }

    @Test
    void optionsThatMissByALetterAreAnsweredWithThoseMeant() {
        for (String[] typed : new String[][] {{"train", "--modle", "m", "--data", "d", "--out", "o"}, {"train", "--model", "m", "--ot", "o"},
            {"evaluate", "m", "--taks=gsm8k"}, {"sweep", "--confg", "c", "--out", "o"}}) {
            err.getBuffer().setLength(0);
            CommandLine line = Softq.commandLine();
            line.getSubcommands().get(typed[0]).setErr(new PrintWriter(err, true));
            assertEquals(2, line.execute(typed));
            String meant = switch (typed[0]) {
                case "evaluate" -> "--task";
                case "sweep" -> "--config";
                default -> err.toString().contains("--modle") ? "--model" : "--out";
            };
            assertTrue(err.toString().contains("\nDid you mean: " + meant + "?\n"), err.toString());
        }
    }

    private String said(String... arguments) {
        err.getBuffer().setLength(0);
        CommandLine line = Softq.commandLine();
        PrintWriter writer = new PrintWriter(err, true);
        line.setOut(writer).setErr(writer);
        line.getSubcommands().values().forEach(command -> {
            command.setOut(writer).setErr(writer);
            command.getSubcommands().values().forEach(within -> within.setOut(writer).setErr(writer));
        });
        line.execute(arguments);
        return err.toString();
    }

    @Test
    void aCommandThatIsNearNoneIsAnsweredWithNone() {
        assertFalse(said("nosuch").contains("Did you mean"), err.toString());
        assertTrue(said("trian").contains("\nDid you mean: softq train?\n"), err.toString());
        assertTrue(said("config", "shwo").contains("\nDid you mean: softq config show?\n"), err.toString());
    }

    @Test
    void helpKnowsCommandsWithinCommandsAndSaysWhatThereIsNot() {
        String schema = said("config", "schema", "--help");
        assertTrue(schema.contains("Usage: softq config schema "), schema);
        assertEquals(schema, said("help", "config", "schema"));
        assertEquals(said("--help"), said("help"));
        assertEquals("softq: error: softq config has no command 'scheme'. Did you mean: softq config schema?\nTry 'softq help --help'.\n",
                said("help", "config", "scheme"));
        assertEquals("softq: error: softq has no command 'nosuch'\nTry 'softq help --help'.\n", said("help", "nosuch"));
        assertEquals("softq: error: Unknown option: '--json'\nTry 'softq help --help'.\n", said("help", "train", "--json"));
    }

    @Test
    void anUnknownOptionIsRefusedWithTheHelpToRead() {
        CommandLine line = Softq.commandLine();
        line.setErr(new PrintWriter(err, true));
        line.getSubcommands().get("doctor").setErr(new PrintWriter(err, true));
        assertEquals(2, line.execute("doctor", "--jsn"));
        assertEquals("softq: error: Unknown option: '--jsn'\nDid you mean: --json?\nTry 'softq doctor --help'.\n", err.toString());
    }
}

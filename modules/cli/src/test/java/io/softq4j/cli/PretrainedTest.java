package io.softq4j.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code softq train --model} on a corpus that is not prepared, and data that are. Through the real launcher. */
class PretrainedTest {

    private static final Path TINY = TinyRun.directory();

    @TempDir
    private Path directory;

    private Launcher.Result train(String... more) {
        String[] arguments = new String[more.length + 5];
        System.arraycopy(new String[] {"train", "--set", "training={max_steps: 2, per_device_train_batch_size: 4}", "--out", "out"}, 0, arguments, 0, 5);
        System.arraycopy(more, 0, arguments, 5, more.length);
        return Launcher.in(directory).with(Map.of("OMP_NUM_THREADS", "1", "SOFTQ_CACHE", directory.resolve("cache").toString())).run(arguments);
    }

    @Test
    void aModelBringsItsTokenizerAndMaximumLikelihood() throws IOException {
        Launcher.Result result = TinyRun.succeed(train("--model", TINY.resolve("run").toString(), "--set", "data.train=" + TINY.resolve("c.jsonl"),
                "--set", "data.max_length=16"));
        assertTrue(result.err().contains("the tokenizer is that of --model " + TINY.resolve("run/model")), result.err());
        assertTrue(result.err().contains("objective.lambda is 0, maximum likelihood: the default for a model that is trained already"), result.err());
        assertFalse(result.err().contains("on a model that is trained already: its logits"), result.err());
        assertArrayEquals(Files.readAllBytes(TINY.resolve("run/model/tokenizer.json")), Files.readAllBytes(directory.resolve("out/model/tokenizer.json")));
        assertTrue(Files.readString(directory.resolve("out/config.yaml")).contains("  lambda: 0.0\n"));
    }

    @Test
    void aTokenizerOfOtherTokensIsRefusedBeforeTheCorpusIsPrepared() throws IOException {
        Path other = Files.createDirectory(directory.resolve("other"));
        for (String name : new String[] {"tokenizer.json", "tokenizer_config.json"}) {
            Files.writeString(other.resolve(name), Files.readString(TINY.resolve("run/model").resolve(name)).replace("endoftext", "end"));
        }
        Launcher.Result result = train("--model", TINY.resolve("run").toString(), "--set", "data.train=" + TINY.resolve("c.jsonl"),
                "--set", "tokenizer={type: file, file: other}");
        assertEquals(2, result.code(), result.err());
        assertTrue(result.err().contains("id 0 is '<|end|>' in the data and '<|endoftext|>' in the model"), result.err());
        assertFalse(Files.exists(directory.resolve("cache")));
    }

    @Test
    void lambdaOnAModelThatIsTrainedAlreadyIsWarnedOfWithFigures() {
        Launcher.Result result = TinyRun.succeed(train("--model", TINY.resolve("run").toString(), "--data", TINY.resolve("data").toString(),
                "--set", "objective.lambda=0.1", "--set", "objective.baseline=none"));
        assertTrue(result.err().contains("objective.lambda is 0.1 with objective.baseline none on a model that is trained already") && result.err().contains("0.857"), result.err());
    }

    @Test
    void settingsOfThePreparationThatComeTooLateAreNamedInALine() {
        Launcher.Result result = TinyRun.succeed(train("--data", TINY.resolve("data").toString(), "-c", TINY.resolve("tiny.yaml").toString(),
                "--set", "data.max_length=12", "--set", "tokenizer.vocab_size=300"));
        assertTrue(result.err().contains(TINY.resolve("data") + " was prepared with other settings, which stay; these have no effect (in brackets what "
                + "they were): data.max_length 12 (16), tokenizer.vocab_size 300 (262). To change them, prepare again: softq prepare"), result.err());
        assertFalse(TinyRun.succeed(TinyRun.in(directory).run("train", "--data", TINY.resolve("data").toString(), "-c",
                TINY.resolve("tiny.yaml").toString(), "--out", "same")).err().contains("prepared with other settings"));
    }
}

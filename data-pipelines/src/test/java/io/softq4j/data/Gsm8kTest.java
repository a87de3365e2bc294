package io.softq4j.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.softq4j.data.step.OverLength;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/** All of GSM8K, where {@code SOFTQ_GSM8K} names the directory with its {@code train.jsonl} and {@code test.jsonl}; the project has no copy. */
@EnabledIfEnvironmentVariable(named = "SOFTQ_GSM8K", matches = ".+")
class Gsm8kTest {

    private static final Path GSM8K = Path.of(String.valueOf(System.getenv("SOFTQ_GSM8K")));

    @TempDir
    Path home;

    /** Golden: as {@code softq prepare -c configs/gsm8k.yaml --set data.max_length=4096} counted them, a vocabulary of 2,048 trained on the way. */
    @Test
    void countsAndTokensAreAsTheyWere() {
        DataConfig data = DataConfig.defaults()
                .with(d -> d.train(List.of(GSM8K.resolve("train.jsonl").toString()))
                        .validation(List.of(GSM8K.resolve("test.jsonl").toString())).maxLength(4096).overLength(OverLength.FAIL));
        PreparationReport report = new Preparation(data, TokenizerConfig.defaults().with(t -> t.vocabSize(2048)),
                Progress.NONE).run(home.resolve("out"));
        assertEquals("gsm8k", report.shape());
        assertEquals(List.of(7473L, 1_363_983L, 801_556L, 1319L, 246_969L, 144_896L),
                report.parts().stream().flatMap(part -> List.of(part.rows().kept(), part.tokens(), part.responseTokens()).stream()).toList());
    }
}

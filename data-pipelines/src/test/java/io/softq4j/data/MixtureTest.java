package io.softq4j.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.common.StoppingStrategy;
import io.softq4j.common.Turns;
import io.softq4j.common.UserError;
import io.softq4j.data.read.ReadOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MixtureTest {

    @TempDir
    Path home;

    @Test
    void withoutWeightsOneCorpusComesAfterTheOther() throws IOException {
        assertEquals("a1 a2 b1 b2 b3", rows(List.of(), StoppingStrategy.ALL_EXHAUSTED, 2, 3));
    }

    @Test
    void everyStretchHoldsTheWeightsAsWellAsItsLengthAllows() throws IOException {
        assertEquals("a1 a2 b1 a3 a4 a5 b2 a6 a7 a8", rows(List.of(3.0, 1.0), StoppingStrategy.FIRST_EXHAUSTED, 20, 20).substring(0, 29));
    }

    @Test
    void theFirstToEndEndsTheMixture() throws IOException {
        assertEquals("a1 b1 a2", rows(List.of(1.0, 1.0), StoppingStrategy.FIRST_EXHAUSTED, 2, 9));
        assertEquals("a1 b1 a2 b2", rows(List.of(1.0, 1.0), StoppingStrategy.FIRST_EXHAUSTED, 9, 2));
    }

    @Test
    void orNothingIsLostAndTheShorterBeginsAgain() throws IOException {
        assertEquals("a1 b1 a2 b2 a1 b3 a2 b4", rows(List.of(1.0, 1.0), StoppingStrategy.ALL_EXHAUSTED, 2, 4));
        assertEquals("a1 a2 b1 a3 a1 a2 b2", rows(List.of(3.0, 1.0), StoppingStrategy.ALL_EXHAUSTED, 3, 2));
    }

    @Test
    void theEndIsTheRowThatExhaustsTheLastCorpus() throws IOException {
        assertEquals("a1 b1 a2 b2", rows(List.of(1.0, 1.0), StoppingStrategy.ALL_EXHAUSTED, 2, 2));
        assertEquals("a1 b1", rows(List.of(1.0, 1.0), StoppingStrategy.ALL_EXHAUSTED, 1, 1));
        assertEquals("a1 b1 a2 b1 a3", rows(List.of(1.0, 1.0), StoppingStrategy.ALL_EXHAUSTED, 3, 1));
    }

    /** The rule of {@code interleave_datasets}, counted: stop when no corpus, or any, has handed out all its rows. */
    @ParameterizedTest
    @CsvSource({"1, 1, 1, 1", "2, 2, 1, 1", "5, 3, 2, 1", "4, 4, 0.3, 0.7", "1, 7, 5, 1", "6, 2, 1, 9"})
    void itHasAsManyRowsAsTheRuleGives(int a, int b, double weightOfA, double weightOfB) throws IOException {
        List<Double> weights = List.of(weightOfA, weightOfB);
        for (StoppingStrategy stopping : StoppingStrategy.values()) {
            Turns turns = new Turns(weights);
            int[] taken = new int[2];
            int rows = 0;
            while (stopping == StoppingStrategy.ALL_EXHAUSTED ? taken[0] < a || taken[1] < b : taken[0] < a && taken[1] < b) {
                taken[turns.next()]++;
                rows++;
            }
            assertEquals(rows, rows(weights, stopping, a, b).split(" ").length, stopping.toString());
        }
    }

    @Test
    void aCorpusWithoutRowsIsNamed() {
        String message = assertThrows(UserError.class, () -> rows(List.of(1.0, 2.0), StoppingStrategy.ALL_EXHAUSTED, 0, 3)).getMessage();
        assertTrue(message.endsWith("a.txt has no rows, so it cannot be mixed with the others. Is the file empty, or is its format another one "
                + "(data.format)?"), message);
    }

    @Test
    void theEndIsTheEnd() throws IOException {
        DataConfig data = DataConfig.defaults().with(d -> d.stoppingStrategy(StoppingStrategy.FIRST_EXHAUSTED));
        Sources sources = Sources.find(List.of(corpus("a", 1).toString(), corpus("b", 9).toString()), data, List.of(1.0, 1.0));
        try (Mixture rows = new Mixture(sources, ReadOptions.of(List.of()), false)) {
            assertNotNull(rows.next());
            for (int more = 0; more < 5; more++) {
                assertNull(rows.next());
            }
        }
    }

    private String rows(List<Double> weights, StoppingStrategy stopping, int a, int b) throws IOException {
        Path one = corpus("a", a);
        Path two = corpus("b", b);
        DataConfig data = DataConfig.defaults().with(d -> d.stoppingStrategy(stopping));
        StringBuilder seen = new StringBuilder();
        try (Mixture rows = new Mixture(Sources.find(List.of(one.toString(), two.toString()), data, weights), ReadOptions.of(List.of()), false)) {
            for (CorpusCursor.Read read = rows.next(); read != null; read = rows.next()) {
                seen.append(seen.isEmpty() ? "" : " ").append(read.row().text("text"));
            }
        }
        return seen.toString();
    }

    private Path corpus(String name, int rows) throws IOException {
        StringBuilder text = new StringBuilder();
        for (int i = 1; i <= rows; i++) {
            text.append(name).append(i).append('\n');
        }
        return Files.writeString(home.resolve(name + ".txt"), text);
    }
}

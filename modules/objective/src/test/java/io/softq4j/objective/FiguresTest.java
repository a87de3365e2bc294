package io.softq4j.objective;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.objective.Figure.Role;
import java.util.List;
import org.junit.jupiter.api.Test;

class FiguresTest {

    private static Figures batch(double nll, long tokens, double weight, double extra) {
        return Figures.NONE.term("nll", nll, tokens, 1).record("length", 6, 2).term("smoothness", 10, 4, weight)
                .and(new Figure("norm", Role.EXTRA, extra, 4, 1)).setting("weight", weight);
    }

    @Test
    void sumsOfBatchesAreDividedByAllTheirCounts() {
        Figures both = Figures.NONE.plus(batch(3, 2, 0.5, 8)).plus(batch(5, 6, 0.5, 0));
        assertEquals(1, both.value("nll"));
        assertEquals(3, both.value("length"));
        assertEquals(0.5, both.value("weight"), "a setting is no sum");
        assertEquals(1 + 0.5 * 2.5 + 1, both.loss());
        assertEquals(0, batch(0, 0, 1, 0).value("nll"), "nothing was scored");
    }

    @Test
    void keysComeInTheirOrderAndAnExtraTermIsLeftOutWhereItIsOff() {
        Figures figures = batch(3, 2, 0.5, 8);
        assertEquals(List.of("eval_loss", "eval_nll", "eval_length", "eval_smoothness", "weight"), List.copyOf(figures.keys("eval_").keySet()));
        assertEquals("{eval_norm=2.0}", figures.extraKeys("eval_").toString());
        assertTrue(batch(3, 2, 0.5, 0).extraKeys("").isEmpty());
        assertEquals("nll 1.5000, smoothness 2.5000", figures.text(Role.TERM));
        assertEquals("weight 0.500", figures.text(Role.SETTING));
    }

    @Test
    void namesAreKeysAndEachStandsOnce() {
        assertEquals("a figure is called 'Mean NLL'; names are keys in metrics.jsonl, such as label_smoothing",
                assertThrows(IllegalArgumentException.class, () -> Figures.NONE.record("Mean NLL", 1, 1)).getMessage());
        assertEquals("each figure needs a name of its own; 'loss' is their sum, and elapsed, epoch, grad_norm, learning_rate, runtime, samples_per_second, step, tokens, "
                + "tokens_per_second are keys of metrics.jsonl already; names: loss",
                assertThrows(IllegalArgumentException.class, () -> Figures.NONE.record("loss", 1, 1)).getMessage());
        Figures figures = batch(1, 1, 1, 0);
        assertThrows(IllegalArgumentException.class, () -> figures.record("nll", 1, 1));
        assertEquals("no figure is called 'td'; names: nll, length, smoothness, norm, weight",
                assertThrows(IllegalArgumentException.class, () -> figures.value("td")).getMessage());
    }

    @Test
    void batchesOfAStepHaveTheSameFiguresAndWeights() {
        Figures figures = batch(1, 1, 1, 0);
        assertThrows(IllegalArgumentException.class, () -> figures.plus(batch(1, 1, 0.5, 0)));
        assertThrows(IllegalArgumentException.class, () -> figures.plus(Figures.NONE.term("nll", 1, 1, 1)));
    }
}

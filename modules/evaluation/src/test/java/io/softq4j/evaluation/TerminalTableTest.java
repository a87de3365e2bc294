package io.softq4j.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class TerminalTableTest {

    @Test
    void numbersAreAlignedRightAndTextLeft() {
        assertEquals("""
                group            accuracy      gain
                ----------  -------------  --------
                lambda=0    0.512 \u00b1 0.011         -
                lambda=0.1        -1.5e-3    +12.5%
                \u03bb\ud835\udf06                      9  0.1 [-1]
                """, new TerminalTable(List.of("group", "accuracy", "gain"), List.of(
                List.of("lambda=0", "0.512 \u00b1 0.011", "-"),
                List.of("lambda=0.1", "-1.5e-3", "+12.5%"),
                List.of("\u03bb\ud835\udf06", "9", "0.1 [-1]"))).toString());
    }

    @Test
    void aTableWithoutRowsIsAHeaderAndARule() {
        assertEquals("a  bc\n-  --\n", new TerminalTable(List.of("a", "bc"), List.of()).toString());
    }

    @Test
    void aRowOfAnotherLengthIsRefused() {
        assertEquals("a row of 1 cells under a header of 2: [x]",
                assertThrows(IllegalArgumentException.class, () -> new TerminalTable(List.of("a", "b"), List.of(List.of("x")))).getMessage());
    }
}

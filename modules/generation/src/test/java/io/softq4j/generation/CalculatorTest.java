package io.softq4j.generation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.common.Streams;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CalculatorTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"48/2 | 24", "48+24 | 72", "12/60 | 0.2", "0.2*50 | 10", "100/2-30-15 | 5", "2*3+4 | 10",
            "2+3*4 | 14",
        "(2+3)*4 | 20", "8/2/2 | 2", "7-2-1 | 4", "1,000*3 | 3000", ".5*30 | 15", "5.*2 | 10", "-3+5 | 2", "2*-3 | -6", "--2 | 2",
        "10/3 | 3.3333333333",
        "2/3 | 0.6666666667", "0.1+0.2 | 0.3", "1/3*3 | 1", "0*5 | 0", "3-3 | 0", "1-3 | -2", "10000000*10000000 | 100000000000000",
        "((7)) | 7", "08*2 | 16"})
    void expressionsAreFractionsWithoutRounding(String expression, String result) {
        assertEquals(Optional.of(result), Calculator.result(expression));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "2+", "*2", "(2", "2)", "()", "2**3", "7//2", "1/0", "1/(2-2)", "20%", "2 + 3", "1.2.3", ".", "2(3)",
            "1e3", "٣+1", "2=2"})
    void whatIsNoExpressionIsLeftToTheModel(String expression) {
        assertEquals(Optional.empty(), Calculator.result(expression));
    }

    @Test
    void anExpressionOfAThousandBracketsIsLeftToTheModel() {
        assertEquals(Optional.empty(), Calculator.result("(".repeat(1000) + "1" + ")".repeat(1000)));
        assertEquals(Optional.of("1"), Calculator.result("(".repeat(99) + "1" + ")".repeat(99)));
    }

    @Test
    void aTextThatEndsInAnOpenAnnotationIsContinued() {
        assertEquals(Optional.of("24>>"), Calculator.continuation("She sold 48/2 = <<48/2="));
        assertEquals(Optional.of("72>>"), Calculator.continuation("<<48/2=24>>24 clips. 48+24 = <<48+24="));
        for (String text : new String[] {"48/2=", "<<48/2", "<<48/2=24", "<<48/2=24>>=", "<<48/2==", "<<a=", "", "=", "<<=", "<<1=1="}) {
            assertEquals(Optional.empty(), Calculator.continuation(text), text);
        }
    }

    @Test
    void randomExpressionsHaveTheValueOfFloatingPoint() {
        SplittableRandom random = Streams.of("calculator", 1);
        int compared = 0;
        for (int i = 0; i < 2000; i++) {
            StringBuilder text = new StringBuilder();
            double value = expression(random, 3, text);
            Optional<String> result = Calculator.result(text.toString());
            if (Double.isFinite(value) && text.length() <= 200) {
                compared++;
                assertEquals(value, Double.parseDouble(result.orElseThrow()), 1e-9 * Math.max(1, Math.abs(value)), text.toString());
            }
        }
        assertTrue(compared > 1500, "compared: " + compared);
    }

    /**
     * Every expression in brackets, so that its value needs no rule of precedence; divisors are numbers, so that none is zero by rounding
     * alone.
     */
    private static double expression(SplittableRandom random, int depth, StringBuilder text) {
        if (depth == 0 || random.nextInt(3) == 0) {
            int number = 1 + random.nextInt(99);
            text.append(number);
            return number;
        }
        text.append('(');
        double left = expression(random, depth - 1, text);
        char sign = "+-*/".charAt(random.nextInt(4));
        text.append(sign);
        double right = expression(random, sign == '/' ? 0 : depth - 1, text);
        text.append(')');
        return sign == '+' ? left + right : sign == '-' ? left - right : sign == '*' ? left * right : left / right;
    }
}

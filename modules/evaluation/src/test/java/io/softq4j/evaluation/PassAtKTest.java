package io.softq4j.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PassAtKTest {

    @ParameterizedTest
    @CsvSource({"5, 2, 1, 0.4", "5, 2, 2, 0.7", "5, 2, 3, 0.9", "5, 2, 4, 1", "5, 0, 5, 0", "5, 5, 1, 1", "1, 1, 1, 1"})
    void smallCasesAreCountedByHand(int n, int c, int k, double expected) {
        assertEquals(expected, PassAtK.estimate(n, c, k), 1e-15);
    }

    @Test
    void itIsOneMinusTheRatioOfBinomialsForAllSmallCases() {
        for (int n = 1; n <= 12; n++) {
            for (int c = 0; c <= n; c++) {
                for (int k = 1; k <= n; k++) {
                    assertEquals(exact(n, c, k), PassAtK.estimate(n, c, k), 1e-14, n + " " + c + " " + k);
                }
            }
        }
    }

    @Test
    void aThousandSamplesNeitherOverflowNorCancel() {
        assertEquals(exact(1000, 3, 500), PassAtK.estimate(1000, 3, 500), 1e-14);
        assertEquals(exact(1000, 400, 100), PassAtK.estimate(1000, 400, 100), 1e-14);
    }

    @Test
    void moreTriesThanSamplesAreRefused() {
        assertEquals("pass@k of n=4 samples, c=1 correct, k=5: needs 0 <= c <= n and 1 <= k <= n",
                assertThrows(IllegalArgumentException.class, () -> PassAtK.estimate(4, 1, 5)).getMessage());
    }

    private static double exact(int n, int c, int k) {
        BigDecimal allWrong = new BigDecimal(choose(n - c, k)).divide(new BigDecimal(choose(n, k)), MathContext.DECIMAL128);
        return BigDecimal.ONE.subtract(allWrong).doubleValue();
    }

    private static BigInteger choose(int n, int k) {
        BigInteger value = BigInteger.ONE;
        for (int i = 1; i <= k; i++) {
            value = value.multiply(BigInteger.valueOf(n - k + i)).divide(BigInteger.valueOf(i));
        }
        return n < k ? BigInteger.ZERO : value;
    }
}

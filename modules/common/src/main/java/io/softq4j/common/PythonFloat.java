package io.softq4j.common;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.function.Predicate;

/** How Python's {@code str} spells a float, which is what models have read where a corpus or a template writes a number. */
public final class PythonFloat {

    private static final int MOST_DIGITS = 17;

    private PythonFloat() {
    }

    /**
     * The fewest digits that read back as {@code value}, with an exponent below 1e-4 and from 1e16 on: {@code 10000000.0}, {@code 1e-05}.
     */
    public static String str(double value) {
        if (Double.isNaN(value)) {
            return "nan";
        } else if (Double.isInfinite(value)) {
            return value > 0 ? "inf" : "-inf";
        } else if (value == 0) {
            return 1 / value < 0 ? "-0.0" : "0.0";
        }
        BigDecimal shortest = shortest(new BigDecimal(value), d -> d.doubleValue() == value).stripTrailingZeros();
        String digits = shortest.unscaledValue().abs().toString();
        int exponent = digits.length() - 1 - shortest.scale();
        String sign = value < 0 ? "-" : "";
        if (exponent < -4 || exponent >= 16) {
            return sign + digits.charAt(0) + (digits.length() > 1 ? "." + digits.substring(1) : "") + "e" + (exponent < 0 ? "-" : "+")
                    + (Math.abs(exponent) < 10 ? "0" : "") + Math.abs(exponent);
        }
        String plain = shortest.abs().toPlainString();
        return sign + (plain.contains(".") ? plain : plain + ".0");
    }

    /** The number of the fewest decimal digits that read back as {@code value}: 0.1f is 0.1, as it was before it was written in 32 bits. */
    public static double widened(float value) {
        return Float.isFinite(value) && value != 0 ? shortest(new BigDecimal(value), d -> d.floatValue() == value).doubleValue() : value;
    }

    /** Not by {@link Double#toString}, which before JDK 19 gives a digit too many for some values. */
    private static BigDecimal shortest(BigDecimal exact, Predicate<BigDecimal> readsBack) {
        for (int digits = 1; digits < MOST_DIGITS; digits++) {
            BigDecimal rounded = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
            if (readsBack.test(rounded)) {
                return rounded;
            }
        }
        return exact.round(new MathContext(MOST_DIGITS, RoundingMode.HALF_EVEN));
    }
}

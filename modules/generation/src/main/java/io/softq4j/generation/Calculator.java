package io.softq4j.generation;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Optional;

/**
 * The calculator of GSM8K (Cobbe et al. 2021, arXiv 2110.14168, section 4.1): once a model has written {@code <<48/2=}, the result and
 * {@code >>} are written for it.
 *
 * <p>As in {@code calculator.py} of openai/grade-school-math, an expression is made of digits, {@code + - * / . ( )}, commas do not count,
 * and what is not an expression is left to the model; blanks, percent signs and letters make it none. That program hands the expression to
 * Python's {@code eval}; here numbers are fractions, without rounding, and {@code **} and {@code //} are refused. A result without an end
 * in decimals, or with more than {@value #PLACES} places, is rounded to that many, half to even, and written as people write it: {@code
 * 24}, where Python gives {@code 24.0}.
 */
final class Calculator {

    /** Places after the point at most. */
    static final int PLACES = 10;
    /** Longer expressions are left to the model; nobody writes them, and a result could grow without bound. */
    private static final int LONGEST = 200;

    private final String expression;
    private int at;

    private Calculator(String expression) {
        this.expression = expression;
    }

    /**
     * What is forced upon a text that a model is writing: the result and {@code >>} if it ends with {@code <<expression=}; empty otherwise.
     */
    static Optional<String> continuation(String text) {
        int open = text.lastIndexOf("<<");
        if (open < 0 || !text.endsWith("=") || text.indexOf('=', open) != text.length() - 1) {
            return Optional.empty();
        }
        return result(text.substring(open + 2, text.length() - 1)).map(result -> result + ">>");
    }

    /** The value of an expression, such as {@code 24} of {@code 48/2}; empty if it is none, or divides by zero. */
    static Optional<String> result(String expression) {
        if (expression.length() > LONGEST) {
            return Optional.empty();
        }
        try {
            Calculator calculator = new Calculator(expression.replace(",", ""));
            Fraction value = calculator.sum();
            return calculator.at == calculator.expression.length() ? Optional.of(value.text()) : Optional.empty();
        } catch (ArithmeticException | NumberFormatException e) {
            return Optional.empty(); // zero below a line, or no expression
        }
    }

    private Fraction sum() {
        Fraction sum = product();
        while (is('+') || is('-')) {
            boolean plus = expression.charAt(at++) == '+';
            Fraction next = product();
            sum = plus ? sum.plus(next) : sum.plus(next.negated());
        }
        return sum;
    }

    private Fraction product() {
        Fraction product = factor();
        while (is('*') || is('/')) {
            boolean times = expression.charAt(at++) == '*';
            Fraction next = factor();
            product = times ? product.times(next) : product.times(next.inverse());
        }
        return product;
    }

    private Fraction factor() {
        if (is('+') || is('-')) {
            boolean plus = expression.charAt(at++) == '+';
            Fraction value = factor();
            return plus ? value : value.negated();
        }
        if (is('(')) {
            at++;
            Fraction inner = sum();
            if (!is(')')) {
                throw new NumberFormatException("a bracket is open");
            }
            at++;
            return inner;
        }
        int start = at;
        while (at < expression.length() && (expression.charAt(at) >= '0' && expression.charAt(at) <= '9' || is('.'))) {
            at++;
        }
        return Fraction.of(new BigDecimal(expression.substring(start, at)));
    }

    private boolean is(char c) {
        return at < expression.length() && expression.charAt(at) == c;
    }

    /** A fraction; {@code below} is not 0. */
    private record Fraction(BigInteger above, BigInteger below) {

        static Fraction of(BigDecimal decimal) {
            return new Fraction(decimal.unscaledValue(), BigInteger.TEN.pow(decimal.scale()));
        }

        Fraction plus(Fraction other) {
            return new Fraction(above.multiply(other.below).add(other.above.multiply(below)), below.multiply(other.below));
        }

        Fraction times(Fraction other) {
            return new Fraction(above.multiply(other.above), below.multiply(other.below));
        }

        Fraction negated() {
            return new Fraction(above.negate(), below);
        }

        Fraction inverse() {
            if (above.signum() == 0) {
                throw new ArithmeticException("division by zero");
            }
            return new Fraction(below, above);
        }

        String text() {
            BigDecimal decimal = new BigDecimal(above).divide(new BigDecimal(below), PLACES, RoundingMode.HALF_EVEN).stripTrailingZeros();
            return decimal.signum() == 0 ? "0" : decimal.toPlainString();
        }
    }
}

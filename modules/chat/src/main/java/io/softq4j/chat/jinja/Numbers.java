package io.softq4j.chat.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/** Python's arithmetic: whole numbers stay whole, division of whole numbers rounds down, true and false are 1 and 0. */
final class Numbers {

    private Numbers() {
    }

    static Object arithmetic(String operator, Object a, Object b) {
        Object x = number(operator, a);
        Object y = number(operator, b);
        if (x instanceof Long n && y instanceof Long m) {
            return whole(operator, n, m);
        }
        return real(operator, ((Number) x).doubleValue(), ((Number) y).doubleValue());
    }

    static Object negative(Object value) {
        Object x = number("-", value);
        return x instanceof Long n ? (Object) (0 - n) : (Object) (-((Number) x).doubleValue());
    }

    private static Object number(String operator, Object value) {
        if (value instanceof Boolean b) {
            return b ? 1L : 0L;
        } else if (value instanceof Long || value instanceof Double) {
            return value;
        } else if (value instanceof Undefined u) {
            throw u.error();
        } else if (value instanceof BigInteger n) {
            throw new TemplateError(n + " is out of range for " + operator);
        }
        throw new TemplateError(operator + " is not defined for a " + Values.kind(value)
                + (operator.equals("+") ? "; both sides must be strings, or both numbers, or both lists. Join with ~, or convert with "
                + "|string" : ""));
    }

    private static Object whole(String operator, long a, long b) {
        if (b == 0 && (operator.equals("/") || operator.equals("//") || operator.equals("%"))) {
            throw new TemplateError("division by zero");
        }
        try {
            switch (operator) {
                case "+":
                    return Math.addExact(a, b);
                case "-":
                    return Math.subtractExact(a, b);
                case "*":
                    return Math.multiplyExact(a, b);
                case "/":
                    return (double) a / b;
                case "//":
                    return Math.floorDiv(a, b);
                case "%":
                    return Math.floorMod(a, b);
                default:
                    return power(a, b);
            }
        } catch (ArithmeticException e) {
            throw new TemplateError(a + " " + operator + " " + b + " is out of range");
        }
    }

    private static Object power(long base, long exponent) {
        if (exponent < 0) {
            return Math.pow(base, exponent);
        } else if (exponent > 64 && Math.abs(base) > 1) {
            throw new ArithmeticException();
        }
        return BigInteger.valueOf(base).pow((int) (exponent > 64 ? exponent % 2 + 2 : exponent)).longValueExact();
    }

    private static Object real(String operator, double a, double b) {
        if (b == 0 && (operator.equals("/") || operator.equals("//") || operator.equals("%"))) {
            throw new TemplateError("division by zero");
        }
        switch (operator) {
            case "+":
                return a + b;
            case "-":
                return a - b;
            case "*":
                return a * b;
            case "/":
                return a / b;
            case "//":
                return Math.floor(a / b);
            case "%":
                double rest = a % b;
                return rest != 0 && rest < 0 != b < 0 ? rest + b : rest;
            default:
                return Math.pow(a, b);
        }
    }

    static int compare(Object a, Object b) {
        if (a instanceof Long x && b instanceof Long y) {
            return Long.compare(x, y);
        }
        double x = asDouble(a);
        double y = asDouble(b);
        return x == y ? 0 : Double.compare(x, y);
    }

    static double asDouble(Object value) {
        return value instanceof Boolean b ? b ? 1 : 0 : ((Number) value).doubleValue();
    }

    /** A number without its fraction, however large, as Python's {@code int()}. */
    static Object whole(Object value) {
        if (value instanceof Double d) {
            BigInteger whole = new BigDecimal(d).toBigInteger();
            return whole.bitLength() < Long.SIZE ? (Object) whole.longValue() : whole;
        }
        return value instanceof Boolean b ? b ? 1L : 0L : value;
    }

    /**
     * A whole number that counts or indexes.
     *
     * @throws TemplateError if it is none
     */
    static long index(Object value) {
        if (value instanceof Long n) {
            return n;
        } else if (value instanceof Boolean b) {
            return b ? 1 : 0;
        }
        throw new TemplateError("expected a whole number, was a " + Values.kind(value));
    }

    /** As Python's {@code round()}: to the nearest, of two as near to the even one. */
    static Object round(Object value, long digits) {
        if (value instanceof Boolean b) {
            return b ? 1L : 0L;
        }
        if (!(value instanceof Double d) || d.isNaN() || d.isInfinite() || Math.abs(digits) > 300) {
            return value;
        }
        return new BigDecimal(d).setScale((int) digits, RoundingMode.HALF_EVEN).doubleValue();
    }
}

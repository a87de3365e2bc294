package io.softq4j.data.row;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NumericNode;
import io.softq4j.common.PythonFloat;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * A number of a row that is not whole, whatever format it was read from: its text is what Python's {@code str} gives for it, and within
 * lists and objects what {@code json.dumps} gives.
 */
public final class FloatValue extends NumericNode {

    private static final long serialVersionUID = 1;

    private final double value;

    private FloatValue(double value) {
        this.value = value;
    }

    public static FloatValue of(double value) {
        return new FloatValue(value);
    }

    public static FloatValue of(float value) {
        return new FloatValue(PythonFloat.widened(value));
    }

    /** A factory of nodes for Jackson whose numbers are of this kind. */
    public static JsonNodeFactory nodeFactory() {
        return new JsonNodeFactory() {
            private static final long serialVersionUID = 1;

            @Override
            public NumericNode numberNode(double value) {
                return of(value);
            }
        };
    }

    @Override
    public String asText() {
        return PythonFloat.str(value);
    }

    @Override
    public void serialize(JsonGenerator out, SerializerProvider provider) throws IOException {
        if (Double.isFinite(value)) {
            out.writeNumber(asText());
        } else {
            out.writeNumber(value);   // NaN, Infinity
        }
    }

    @Override
    public JsonToken asToken() {
        return JsonToken.VALUE_NUMBER_FLOAT;
    }

    @Override
    public JsonParser.NumberType numberType() {
        return JsonParser.NumberType.DOUBLE;
    }

    @Override
    public boolean isFloatingPointNumber() {
        return true;
    }

    @Override
    public boolean isDouble() {
        return true;
    }

    @Override
    public boolean isNaN() {
        return !Double.isFinite(value);
    }

    @Override
    public Number numberValue() {
        return value;
    }

    @Override
    public double doubleValue() {
        return value;
    }

    @Override
    public int intValue() {
        return (int) value;
    }

    @Override
    public long longValue() {
        return (long) value;
    }

    @Override
    public BigDecimal decimalValue() {
        return BigDecimal.valueOf(value);
    }

    @Override
    public BigInteger bigIntegerValue() {
        return decimalValue().toBigInteger();
    }

    @Override
    public boolean canConvertToInt() {
        return value >= Integer.MIN_VALUE && value <= Integer.MAX_VALUE;
    }

    @Override
    public boolean canConvertToLong() {
        return value >= Long.MIN_VALUE && value <= Long.MAX_VALUE;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FloatValue number && Double.compare(value, number.value) == 0;
    }

    @Override
    public int hashCode() {
        return Double.hashCode(value);
    }
}

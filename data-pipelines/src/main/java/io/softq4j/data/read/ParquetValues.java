package io.softq4j.data.read;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BinaryNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.softq4j.data.row.FloatValue;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DateLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.EnumLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.Float16LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.JsonLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.StringLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.UUIDLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;

/**
 * Values of Parquet as JSON (parquet-format, LogicalTypes.md): numbers and booleans as such; dates, times and timestamps as ISO 8601 has
 * them; decimals as text, which keeps every digit, spelled as Python's {@code Decimal}.
 */
final class ParquetValues {

    private static final long JULIAN_DAY_OF_EPOCH = 2_440_588;
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private ParquetValues() {
    }

    static JsonNode of(int value, LogicalTypeAnnotation type) {
        if (type instanceof DateLogicalTypeAnnotation) {
            return text(LocalDate.ofEpochDay(value));
        }
        if (type instanceof IntLogicalTypeAnnotation integer && !integer.isSigned()) {
            return LongNode.valueOf(Integer.toUnsignedLong(value));
        }
        return type == null || type instanceof IntLogicalTypeAnnotation ? IntNode.valueOf(value) : of((long) value, type);
    }

    static JsonNode of(long value, LogicalTypeAnnotation type) {
        if (type instanceof DecimalLogicalTypeAnnotation decimal) {
            return TextNode.valueOf(BigDecimal.valueOf(value, decimal.getScale()).toString());
        }
        if (type instanceof TimestampLogicalTypeAnnotation timestamp) {
            return timestamp(value, timestamp);
        }
        if (type instanceof TimeLogicalTypeAnnotation time) {
            return text(LocalTime.ofNanoOfDay(Math.multiplyExact(value, nanos(time.getUnit()))));
        }
        if (type instanceof IntLogicalTypeAnnotation integer && !integer.isSigned() && value < 0) {
            return JSON.numberNode(new BigInteger(Long.toUnsignedString(value)));
        }
        return LongNode.valueOf(value);
    }

    /** Text is UTF-8; bytes without a type are text if they can be, as older writers left the type out. */
    static boolean isText(LogicalTypeAnnotation type) {
        return type instanceof StringLogicalTypeAnnotation || type instanceof EnumLogicalTypeAnnotation || type instanceof JsonLogicalTypeAnnotation;
    }

    /** Bytes that are not {@link #isText}. */
    static JsonNode of(Binary value, LogicalTypeAnnotation type, PrimitiveTypeName primitive) {
        if (primitive == PrimitiveTypeName.INT96) {
            return int96(value.toByteBuffer().order(ByteOrder.LITTLE_ENDIAN));
        }
        if (type instanceof DecimalLogicalTypeAnnotation decimal) {
            return TextNode.valueOf(new BigDecimal(new BigInteger(value.getBytes()), decimal.getScale()).toString());
        }
        if (type instanceof UUIDLogicalTypeAnnotation) {
            ByteBuffer bytes = value.toByteBuffer();
            return TextNode.valueOf(new UUID(bytes.getLong(), bytes.getLong()).toString());
        }
        if (type instanceof Float16LogicalTypeAnnotation) {
            return FloatValue.of(float16(value.toByteBuffer().order(ByteOrder.LITTLE_ENDIAN).getShort()));
        }
        byte[] bytes = value.getBytes();
        boolean text = type == null && primitive == PrimitiveTypeName.BINARY && Utf8.firstInvalid(bytes, 0, bytes.length) < 0;
        return text ? TextNode.valueOf(new String(bytes, StandardCharsets.UTF_8)) : BinaryNode.valueOf(bytes);
    }

    /** IEEE 754 binary16: sign, 5 bits of exponent with bias 15, 10 bits of fraction. */
    private static float float16(short bits) {
        int exponent = bits >> 10 & 0x1F;
        int fraction = bits & 0x3FF;
        float magnitude = exponent == 0x1F ? (fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN)
                : exponent == 0 ? Math.scalb((float) fraction, -24) : Math.scalb((float) (0x400 | fraction), exponent - 25);
        return bits < 0 ? -magnitude : magnitude;
    }

    private static JsonNode timestamp(long value, TimestampLogicalTypeAnnotation type) {
        long perSecond = TimeUnit.SECONDS.toNanos(1) / nanos(type.getUnit());
        Instant instant = Instant.ofEpochSecond(Math.floorDiv(value, perSecond), Math.floorMod(value, perSecond) * nanos(type.getUnit()));
        return type.isAdjustedToUTC() ? text(instant) : text(LocalDateTime.ofInstant(instant, ZoneOffset.UTC));
    }

    /** Nanoseconds of the day and Julian day, of which older writers made a timestamp. */
    private static JsonNode int96(ByteBuffer bytes) {
        long nanos = bytes.getLong();
        long day = Integer.toUnsignedLong(bytes.getInt()) - JULIAN_DAY_OF_EPOCH;
        return text(LocalDateTime.ofInstant(Instant.ofEpochSecond(TimeUnit.DAYS.toSeconds(day), nanos), ZoneOffset.UTC));
    }

    private static long nanos(LogicalTypeAnnotation.TimeUnit unit) {
        return switch (unit) {
            case MILLIS -> 1_000_000;
            case MICROS -> 1_000;
            case NANOS -> 1;
        };
    }

    /** With seconds even where they are zero, which {@link LocalDateTime#toString} leaves out. */
    private static TextNode text(LocalDateTime time) {
        return TextNode.valueOf(DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(time));
    }

    private static TextNode text(LocalTime time) {
        return TextNode.valueOf(DateTimeFormatter.ISO_LOCAL_TIME.format(time));
    }

    private static TextNode text(Object value) {
        return TextNode.valueOf(value.toString());
    }
}

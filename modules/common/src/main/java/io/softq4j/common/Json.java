package io.softq4j.common;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The JSON of this project: how strictly it is read, and what an error says. The parser's own messages name its classes and options, so
 * none of them is passed on: {@link #reason} says the same in the words of the file.
 */
public final class Json {

    /** Reads one value and nothing after it, no key twice. */
    public static final JsonMapper STRICT = strict().build();

    /** Reads and writes, beyond that, the NaN, Infinity and -Infinity of Python's {@code json}. */
    public static final JsonMapper PYTHON =
            strict().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS).build();

    private static final DefaultIndenter TWO_SPACES = new DefaultIndenter("  ", "\n");
    private static final DefaultPrettyPrinter OBJECTS = new DefaultPrettyPrinter().withObjectIndenter(TWO_SPACES);
    private static final DefaultPrettyPrinter OBJECTS_AND_LISTS = OBJECTS.withArrayIndenter(TWO_SPACES);

    /** The first line of a parser's message to what is said instead; the default is at the end of {@link #syntax}. */
    private static final Map<Pattern, String> SYNTAX = new LinkedHashMap<>();

    static {
        said("Non-standard token '([^']*)'.*", "$1 is not a JSON number");
        said("Trailing token .*", "it goes on after the end of the first value");
        said("Duplicate (?:field|Object property) ['\"](.*?)['\"].*", "key '$1' appears twice");
        said("Unexpected end.*", "it ends too early");
        said("Unexpected character \\((.*) \\(code .* start (?:field|property) name.*",
                "unexpected character $1, expected a name in double quotes");
        said("Unexpected character \\((.*) \\(code .* comma .*", "unexpected character $1, expected a comma or the end");
        said("Unexpected character \\((.*) \\(code .* colon .*", "unexpected character $1, expected a colon");
        said("Unexpected character \\((.*) \\(code .*", "unexpected character $1");
        said("Unrecognized token '([^']*)'.*", "'$1' is not a JSON value");
        said("Illegal unquoted character .*code (\\d+).*", "a control character (code $1) that is not escaped in a text, such as a "
                + "line break");
        said("Illegal character .*code (\\d+).*", "a byte of $1 outside a text");
        said("Unrecognized character escape '?(.*?)'? \\(code.*", "\\\\$1 is not an escape");
        said(".*nesting depth.*exceeds the maximum allowed \\((\\d+).*", "it nests deeper than $1 levels");
        said(".*(?:[Nn]umber|Numeric).* length.*exceeds the maximum allowed \\((\\d+).*", "a number has more than $1 digits");
        said(".*String value length.*exceeds the maximum allowed \\((\\d+).*", "a text is longer than $1 characters");
        said("Invalid UTF-8.*|Invalid surrogate.*", "it is not UTF-8");
        said("Invalid numeric value.*|Leading zeroes.*|Decimal point.*|Exponent.*|Numeric value .*", "a number is malformed");
    }

    private Json() {
    }

    private static void said(String message, String instead) {
        SYNTAX.put(Pattern.compile(message), instead);
    }

    /** {@link #STRICT} to be given further features. */
    public static JsonMapper.Builder strict() {
        return JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    }

    /** {@link #strict} for records: keys in snake_case, no key unknown, none missing. */
    public static JsonMapper.Builder records() {
        return strict().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
                DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES);
    }

    /** A tree, a collection or a record as one line. A double reads back as the same double. */
    public static String line(Object value) {
        return written(STRICT.writer(), value);
    }

    /** The same for a file: objects indented by two spaces, a list on one line, line feeds on every system, one at the end. */
    public static String pretty(Object value) {
        return pretty(STRICT, value);
    }

    /** The same as {@code mapper} writes it. */
    public static String pretty(ObjectMapper mapper, Object value) {
        return written(mapper.writer(OBJECTS), value) + "\n";
    }

    /** The same with a line for each element of a list, as Hugging Face writes {@code tokenizer.json}. */
    public static String indented(Object value) {
        return written(STRICT.writer(OBJECTS_AND_LISTS), value) + "\n";
    }

    private static String written(ObjectWriter writer, Object value) {
        try {
            return writer.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("no JSON can be made of " + value.getClass() + ": " + e.getOriginalMessage(), e);
        }
    }

    /** What is wrong and, where the parser knows it, at which line and column; of any other failure what the system says. */
    public static String reason(IOException e) {
        if (!(e instanceof JsonProcessingException json)) {
            return Objects.requireNonNullElse(e.getMessage(), e.toString());
        }
        JsonLocation at = json.getLocation();
        return problem(json) + (at == null || at.getLineNr() < 1 ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr());
    }

    /** What is wrong, without its place. */
    public static String problem(JsonProcessingException e) {
        return e instanceof JsonMappingException mapping && !mapping.getPath().isEmpty() || e instanceof ValueInstantiationException
                ? meaning((JsonMappingException) e) : syntax(e);
    }

    /** What a token is or begins, with its article. */
    public static String kind(JsonToken token) {
        return switch (token == null ? JsonToken.NOT_AVAILABLE : token) {
            case START_OBJECT -> "an object";
            case START_ARRAY -> "a list";
            case VALUE_STRING -> "a text";
            case VALUE_NUMBER_INT -> "a whole number";
            case VALUE_NUMBER_FLOAT -> "a number";
            case VALUE_TRUE, VALUE_FALSE -> "true or false";
            case VALUE_NULL -> "null";
            default -> "nothing";
        };
    }

    private static String syntax(JsonProcessingException e) {
        String message = String.valueOf(e.getOriginalMessage()).lines().findFirst().orElse("");
        for (Map.Entry<Pattern, String> entry : SYNTAX.entrySet()) {
            Matcher matcher = entry.getKey().matcher(message);
            if (matcher.matches()) {
                return matcher.replaceFirst(entry.getValue());
            }
        }
        Matcher missing = MISSING.matcher(message);
        return missing.find() ? "key '" + missing.group(1) + "' is missing" : "it is malformed";
    }

    private static final Pattern MISSING = Pattern.compile("creator property '([^']*)'");

    /** Of JSON that is whole but does not hold what was asked for. */
    private static String meaning(JsonMappingException e) {
        String key = key(e);
        Matcher missing = MISSING.matcher(String.valueOf(e.getOriginalMessage()));
        if (e instanceof UnrecognizedPropertyException) {
            return key + " is unknown";
        }
        if (missing.find()) {
            return "key '" + missing.group(1) + "' is missing";
        }
        if (e instanceof InvalidFormatException format) {
            return key + " is '" + format.getValue() + "', which is not allowed there";
        }
        Throwable cause = e.getCause();
        boolean ours = cause instanceof UserError || cause instanceof IllegalArgumentException && !(cause instanceof NumberFormatException);
        String prefix = e.getPath().isEmpty() ? "" : key + ": ";
        return ours && cause != null && cause.getMessage() != null ? prefix + cause.getMessage() : prefix
                + "a value is missing or of another kind than expected";
    }

    private static String key(JsonMappingException e) {
        StringBuilder path = new StringBuilder();
        for (JsonMappingException.Reference reference : e.getPath()) {
            if (reference.getFieldName() == null) {
                path.append('[').append(reference.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(reference.getFieldName());
            }
        }
        return "key '" + path + "'";
    }
}

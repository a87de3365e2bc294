package io.softq4j.model.weights;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.softq4j.common.Json;
import io.softq4j.common.UserError;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The JSON header of a safetensors file, believed only after it has been checked against itself and against the file's size.
 *
 * @param metadata {@code __metadata__}
 * @param tensors  in the order of their bytes
 */
record SafetensorsHeader(Map<String, String> metadata, Map<String, TensorInfo> tensors) {

    /** The format's own bound; a longer header is a damaged or hostile file. */
    static final long MAX_BYTES = 100_000_000;
    private static final int MAX_RANK = 32;
    private static final String METADATA = "__metadata__";
    private static final JsonFactory JSON = JsonFactory.builder().disable(JsonFactory.Feature.INTERN_FIELD_NAMES).build();

    /** What is wrong, before the file is named. */
    private static final class Malformed extends Exception {
        Malformed(String message) {
            super(message);
        }
    }

    /**
     * Parses and checks.
     *
     * @param dataBytes number of bytes after the header
     * @throws UserError on any violation of the format, naming the file and the tensor
     */
    static SafetensorsHeader parse(Path file, byte[] json, long dataBytes) {
        try {
            if (json.length == 0 || json[0] != '{') {
                throw new Malformed("its header is not a JSON object");
            }
            String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(json)).toString();
            try (JsonParser parser = JSON.createParser(text)) {
                SafetensorsHeader header = header(parser);
                requireNoHoles(header.tensors.values(), dataBytes);
                return header;
            }
        } catch (Malformed e) {
            throw malformed(file, e.getMessage(), e);
        } catch (CharacterCodingException e) {
            throw malformed(file, "its header is not UTF-8", e);
        } catch (IOException e) {
            throw malformed(file, "its header is not valid JSON (" + Json.reason(e) + ")", e);
        }
    }

    static UserError malformed(Path file, String what, Throwable cause) {
        return new UserError(file + " is not a whole safetensors file: " + what
                + ". The file is damaged, incomplete or of another format: copy or download it again and compare its size"
                + " and sha256 with the source.", cause);
    }

    private static SafetensorsHeader header(JsonParser parser) throws IOException, Malformed {
        Map<String, String> metadata = Map.of();
        boolean hasMetadata = false;
        Map<String, TensorInfo> tensors = new LinkedHashMap<>();
        parser.nextToken();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            if (name.equals(METADATA)) {
                if (hasMetadata) {
                    throw new Malformed("key " + METADATA + " appears twice");
                }
                hasMetadata = true;
                metadata = metadata(parser);
            } else if (tensors.put(name, tensor(name, parser)) != null) {
                throw new Malformed("tensor '" + name + "' appears twice");
            }
        }
        if (parser.nextToken() != null) {
            throw new Malformed("its header goes on after the JSON object");
        }
        Map<String, TensorInfo> ordered = new LinkedHashMap<>();
        tensors.values().stream().sorted(Comparator.comparingLong(TensorInfo::begin).thenComparingLong(TensorInfo::end))
                .forEach(t -> ordered.put(t.name(), t));
        return new SafetensorsHeader(Collections.unmodifiableMap(metadata), Collections.unmodifiableMap(ordered));
    }

    private static Map<String, String> metadata(JsonParser parser) throws IOException, Malformed {
        require(parser, JsonToken.START_OBJECT, METADATA);
        Map<String, String> metadata = new TreeMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            parser.nextToken();
            require(parser, JsonToken.VALUE_STRING, METADATA + "." + key);
            if (metadata.put(key, parser.getText()) != null) {
                throw new Malformed("key " + METADATA + "." + key + " appears twice");
            }
        }
        return metadata;
    }

    private static TensorInfo tensor(String name, JsonParser parser) throws IOException, Malformed {
        String at = "tensor '" + name + "'";
        require(parser, JsonToken.START_OBJECT, at);
        DType dtype = null;
        List<Long> shape = null;
        List<Long> offsets = null;
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            parser.nextToken();
            boolean seen = switch (key) {
                case "dtype" -> dtype != null;
                case "shape" -> shape != null;
                case "data_offsets" -> offsets != null;
                default -> throw new Malformed(at + " has the unknown key '" + key + "'");
            };
            if (seen) {
                throw new Malformed(at + " has the key '" + key + "' twice");
            }
            switch (key) {
                case "dtype" -> dtype = dtype(at, parser);
                case "shape" -> shape = numbers(at + ", shape", parser, Integer.MAX_VALUE);
                default -> offsets = numbers(at + ", data_offsets", parser, Long.MAX_VALUE);
            }
        }
        if (dtype == null || shape == null || offsets == null || offsets.size() != 2) {
            throw new Malformed(at + " must have dtype, shape and two data_offsets");
        }
        long begin = offsets.get(0);
        long end = offsets.get(1);
        long bytes = bytes(at, dtype, shape);
        if (begin > end || end - begin != bytes) {
            throw new Malformed(at + ": " + dtype + " of shape " + shape + " takes " + bytes + " bytes, data_offsets are " + offsets);
        }
        return new TensorInfo(name, dtype, shape.stream().map(Math::toIntExact).toList(), begin, end);
    }

    private static DType dtype(String at, JsonParser parser) throws IOException, Malformed {
        require(parser, JsonToken.VALUE_STRING, at + ", dtype");
        for (DType dtype : DType.values()) {
            if (dtype.name().equals(parser.getText())) {
                return dtype;
            }
        }
        throw new Malformed(at + " has the unknown dtype '" + parser.getText() + "', known are " + Arrays.toString(DType.values()));
    }

    private static List<Long> numbers(String at, JsonParser parser, long max) throws IOException, Malformed {
        require(parser, JsonToken.START_ARRAY, at);
        List<Long> numbers = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            require(parser, JsonToken.VALUE_NUMBER_INT, at);
            if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER || parser.getLongValue() < 0 || parser.getLongValue() > max) {
                throw new Malformed(at + ": " + parser.getText() + " is not between 0 and " + max);
            }
            if (numbers.size() == MAX_RANK) {
                throw new Malformed(at + " has more than " + MAX_RANK + " numbers");
            }
            numbers.add(parser.getLongValue());
        }
        return numbers;
    }

    private static long bytes(String at, DType dtype, List<Long> shape) throws Malformed {
        try {
            long bytes = dtype.bytes();
            for (long extent : shape) {
                bytes = Math.multiplyExact(bytes, extent);
            }
            return bytes;
        } catch (ArithmeticException e) {
            throw new Malformed(at + ": shape " + shape + " overflows");
        }
    }

    private static void require(JsonParser parser, JsonToken expected, String at) throws Malformed {
        if (parser.currentToken() != expected) {
            throw new Malformed(at + ": " + Json.kind(expected) + " expected, " + Json.kind(parser.currentToken()) + " found");
        }
    }

    private static void requireNoHoles(Collection<TensorInfo> ordered, long dataBytes) throws Malformed {
        long end = 0;
        for (TensorInfo tensor : ordered) {
            if (tensor.begin() != end) {
                throw new Malformed("tensor '" + tensor.name() + "' begins at byte " + tensor.begin()
                        + " of the data, the one before ends at " + end);
            }
            end = tensor.end();
        }
        if (end != dataBytes) {
            throw new Malformed("its tensors take " + end + " bytes, the file has " + dataBytes + " after the header");
        }
    }

    static void requireTensorName(String name) {
        if (name.equals(METADATA)) {
            throw new IllegalArgumentException("no tensor can be named " + METADATA + ": the format has that key for itself");
        }
    }

    /**
     * The header of {@code tensors} laid out one after the other as {@code dtype}, padded with spaces so that the data begins at a multiple
     * of 8.
     */
    static byte[] format(Collection<? extends WritableTensor> tensors, DType dtype) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            json.writeObjectFieldStart(METADATA);
            json.writeStringField("format", "pt");
            json.writeEndObject();
            long begin = 0;
            for (WritableTensor tensor : tensors) {
                long end = begin + (long) tensor.size() * dtype.bytes();
                json.writeObjectFieldStart(tensor.name());
                json.writeStringField("dtype", dtype.name());
                json.writeFieldName("shape");
                json.writeArray(tensor.shape().stream().mapToInt(Integer::intValue).toArray(), 0, tensor.shape().size());
                json.writeFieldName("data_offsets");
                json.writeArray(new long[] {begin, end}, 0, 2);
                json.writeEndObject();
                begin = end;
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        byte[] padded = Arrays.copyOf(bytes, (bytes.length + 7) / 8 * 8);
        Arrays.fill(padded, bytes.length, padded.length, (byte) ' ');
        return padded;
    }
}

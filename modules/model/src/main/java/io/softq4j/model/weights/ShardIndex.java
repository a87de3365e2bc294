package io.softq4j.model.weights;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import io.softq4j.common.Json;
import io.softq4j.common.UserError;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * {@code model.safetensors.index.json}, which says in which shard each tensor is, as {@code save_pretrained} of Hugging Face's transformers
 * writes it:
 *
 * <pre>{"metadata": {"total_size": BYTES}, "weight_map": {TENSOR: FILE, ...}}</pre>
 *
 * @param shards    name of the tensor to name of the file beside the index, sorted
 * @param totalSize bytes of all tensors, if the index tells
 */
record ShardIndex(Map<String, String> shards, OptionalLong totalSize) {

    /** As for the header of a shard: beyond it the file is damaged or hostile. */
    private static final long MAX_BYTES = SafetensorsHeader.MAX_BYTES;
    /** A file beside the index: no separator, drive or control character, so no way out of the directory. */
    private static final Pattern SHARD = Pattern.compile("[^/\\\\:\\p{Cntrl}]+\\.safetensors");
    private static final JsonFactory JSON = JsonFactory.builder().disable(JsonFactory.Feature.INTERN_FIELD_NAMES).build();

    ShardIndex {
        shards = Collections.unmodifiableMap(new TreeMap<>(shards));
    }

    /** What is wrong, before the file is named. */
    private static final class Malformed extends Exception {
        Malformed(String message) {
            super(message);
        }
    }

    /**
     * Reads an index.
     *
     * @throws UserError naming the file if it cannot be read or is no index
     */
    static ShardIndex read(Path file) {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new Malformed("it has " + Files.size(file) + " bytes, allowed are at most " + MAX_BYTES);
            }
            try (JsonParser parser = JSON.createParser(Files.readString(file))) {
                return index(parser);
            }
        } catch (Malformed e) {
            throw malformed(file, e.getMessage(), e);
        } catch (JacksonException e) {
            throw malformed(file, "it is not valid JSON (" + Json.reason(e) + ")", e);
        } catch (CharacterCodingException e) {
            throw malformed(file, "it is not UTF-8", e);
        } catch (IOException e) {
            throw new UserError("cannot read " + file + ": " + e.getMessage() + ". Check its permissions.", e);
        }
    }

    private static UserError malformed(Path file, String what, Throwable cause) {
        return new UserError(file + " is not an index of safetensors shards: " + what
                + ". The file is damaged, incomplete or of another format: copy or download it again with its shards.", cause);
    }

    private static ShardIndex index(JsonParser parser) throws IOException, Malformed {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw new Malformed("it is not a JSON object");
        }
        Map<String, String> shards = null;
        OptionalLong totalSize = OptionalLong.empty();
        Set<String> keys = new HashSet<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            if (!keys.add(key)) {
                throw new Malformed("key " + key + " appears twice");
            }
            parser.nextToken();
            switch (key) {
                case "weight_map" -> shards = weightMap(parser);
                case "metadata" -> totalSize = totalSize(parser);
                default -> parser.skipChildren(); // transformers adds keys from release to release
            }
        }
        if (parser.nextToken() != null) {
            throw new Malformed("it goes on after the JSON object");
        }
        if (shards == null || shards.isEmpty()) {
            throw new Malformed("it has no weight_map, or an empty one");
        }
        return new ShardIndex(shards, totalSize);
    }

    private static Map<String, String> weightMap(JsonParser parser) throws IOException, Malformed {
        requireObject(parser, "weight_map");
        Map<String, String> shards = new TreeMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String tensor = parser.currentName();
            if (parser.nextToken() != JsonToken.VALUE_STRING) {
                throw new Malformed("weight_map, tensor '" + tensor + "': the name of a file expected, " + Json.kind(parser.currentToken())
                        + " found");
            }
            String shard = parser.getText();
            if (!SHARD.matcher(shard).matches() || !isPath(shard)) {
                throw new Malformed("weight_map, tensor '" + tensor + "': '" + shard + "' is not allowed; a shard is a file beside the "
                        + "index whose"
                        + " name ends in .safetensors, without a path");
            }
            String other = shards.put(tensor, shard);
            if (other != null) {
                throw new Malformed("weight_map has tensor '" + tensor + "' twice, in " + other + " and in " + shard);
            }
        }
        return shards;
    }

    /** Whether the file system of this machine can have it: half a surrogate pair is no file anywhere. */
    private static boolean isPath(String shard) {
        try {
            return Path.of(shard).getNameCount() == 1;
        } catch (InvalidPathException e) {
            return false;
        }
    }

    /** Some writers have the size as a floating-point number or as null. */
    private static OptionalLong totalSize(JsonParser parser) throws IOException, Malformed {
        requireObject(parser, "metadata");
        OptionalLong totalSize = OptionalLong.empty();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            JsonToken value = parser.nextToken();
            if (key.equals("total_size") && value == JsonToken.VALUE_NUMBER_FLOAT) {
                totalSize = OptionalLong.of((long) parser.getDoubleValue());
            } else if (key.equals("total_size") && value == JsonToken.VALUE_NUMBER_INT) {
                totalSize = OptionalLong.of(parser.getLongValue());
            } else {
                parser.skipChildren();
            }
        }
        return totalSize;
    }

    private static void requireObject(JsonParser parser, String key) throws Malformed {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw new Malformed(key + ": an object expected, " + Json.kind(parser.currentToken()) + " found");
        }
    }

    /** Writes the file, as Python's {@code json.dumps(index, indent=2, sort_keys=True)} and a line feed. */
    void write(Path file) throws IOException {
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter(Separators.createDefaultInstance()
                .withObjectFieldValueSpacing(Separators.Spacing.AFTER));
        printer.indentObjectsWith(new DefaultIndenter("  ", "\n"));
        try (BufferedWriter text = Files.newBufferedWriter(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                JsonGenerator json = JSON.createGenerator(text)) {
            json.setPrettyPrinter(printer);
            json.writeStartObject();
            if (totalSize.isPresent()) {
                json.writeObjectFieldStart("metadata");
                json.writeNumberField("total_size", totalSize.getAsLong());
                json.writeEndObject();
            }
            json.writeObjectFieldStart("weight_map");
            for (Map.Entry<String, String> shard : shards.entrySet()) {
                json.writeStringField(shard.getKey(), shard.getValue());
            }
            json.writeEndObject();
            json.writeEndObject();
            json.writeRaw('\n');
        }
    }
}

package io.softq4j.model;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.softq4j.common.Json;
import io.softq4j.common.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A JSON object as it is spelled, of which one member at a time is given another value: every other character stays, those of numbers, of
 * the order and of keys that only other programs know. NaN and Infinity are read as Python writes them.
 *
 * @param source where it is from, for messages
 * @param text   the whole object
 */
public record JsonText(String source, String text) {

    /** Characters from {@code start} to {@code end}. */
    private record Span(int start, int end) {
    }

    /** @throws UserError if it cannot be read */
    public static JsonText read(Path file) {
        try {
            return new JsonText(file.toString(), Files.readString(file));
        } catch (IOException e) {
            throw new UserError("cannot read " + file + ": " + e.getMessage() + ". Check its permissions and that it is UTF-8.", e);
        }
    }

    /** The value of a member, missing where there is none. */
    public JsonNode get(String key) {
        try {
            JsonNode tree = Json.PYTHON.readTree(text);
            return tree.isObject() ? tree.path(key) : MissingNode.getInstance();
        } catch (IOException e) {
            throw malformed(e);
        }
    }

    /** Whether there is such a member, be it null. */
    public boolean has(String key) {
        return !get(key).isMissingNode();
    }

    /** The same with another value of a member, where it stood, or behind the others if it is new. */
    public JsonText with(String key, JsonNode value) {
        if (get(key).equals(value)) {
            return this;
        }
        Span old = value(key);
        if (old != null) {
            return new JsonText(source, text.substring(0, old.start) + value + text.substring(old.end));
        }
        int end = text.lastIndexOf('}'); // nothing stands behind it
        String before = text.substring(0, end).stripTrailing();
        String member = "\n  " + Json.PYTHON.getNodeFactory().textNode(key) + ": " + value + "\n";
        return new JsonText(source, before + (before.endsWith("{") ? "" : ",") + member + text.substring(end));
    }

    /** Where the value of a member stands. */
    private Span value(String key) {
        try (JsonParser parser = Json.PYTHON.createParser(text)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean wanted = parser.currentName().equals(key);
                parser.nextToken();
                int start = (int) parser.currentTokenLocation().getCharOffset();
                parser.skipChildren();
                parser.finishToken();
                if (wanted) {
                    return new Span(start, (int) parser.currentLocation().getCharOffset());
                }
            }
            return null;
        } catch (IOException e) {
            throw malformed(e);
        }
    }

    private UserError malformed(IOException e) {
        return new UserError(source + " is not valid JSON: " + Json.reason(e) + ". Copy or download the file again.", e);
    }
}

package io.softq4j.chat;

import com.fasterxml.jackson.databind.JsonNode;
import io.softq4j.chat.jinja.None;
import io.softq4j.tokens.Unicode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** JSON as the values of a template: whole numbers stay whole, keys keep their order. */
final class JsonValues {

    private JsonValues() {
    }

    /** @throws io.softq4j.common.UserError if a string has a lone surrogate */
    static Object of(JsonNode json) {
        if (json.isTextual()) {
            return Unicode.requireWellFormed(json.textValue());
        } else if (json.isBoolean()) {
            return json.booleanValue();
        } else if (json.isIntegralNumber()) {
            return json.canConvertToLong() ? (Object) json.longValue() : json.bigIntegerValue();
        } else if (json.isNumber()) {
            return json.doubleValue();
        } else if (json.isArray()) {
            List<Object> items = new ArrayList<>(json.size());
            json.forEach(item -> items.add(of(item)));
            return Collections.unmodifiableList(items);
        } else if (json.isObject()) {
            Map<String, Object> fields = new LinkedHashMap<>();
            json.properties().forEach(field -> fields.put(Unicode.requireWellFormed(field.getKey()), of(field.getValue())));
            return Collections.unmodifiableMap(fields);
        }
        return None.NONE;
    }
}

package io.softq4j.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.softq4j.common.Form;
import io.softq4j.common.Items;
import io.softq4j.common.Json;
import io.softq4j.common.Keys;
import io.softq4j.common.Range;
import io.softq4j.common.Varies;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The sections of a configuration as a JSON schema, draft 2020-12 (json-schema.org/draft/2020-12): names, types, bounds, choices,
         defaults and
 * documentation, for editors. It allows what {@link RecordBinder} reads; what depends on several keys is left to the records.
 */
final class JsonSchema {

    private JsonSchema() {
    }

    static ObjectNode of(Map<String, Record> sections) {
        ObjectNode schema = Json.STRICT.createObjectNode().put("$schema", "https://json-schema.org/draft/2020-12/schema")
                .put("title", "Configuration of softq4j").put("description",
                        "One file for every command; docs/configuration.md has the same keys.");
        ObjectNode properties = object(schema);
        sections.forEach((name, defaults) -> properties.set(name, section(ConfigKey.of(defaults))));
        sections.forEach((name, defaults) -> {
            for (ConfigKey key : ConfigKey.of(defaults)) {
                key.varies().ifPresent(varies -> varies(sections, varies, (ObjectNode) at(properties.get(name), key.name())));
            }
        });
        return schema;
    }

    private static JsonNode at(JsonNode section, String key) {
        JsonNode found = section;
        for (String part : key.split("\\.")) {
            found = found.get("properties").get(part);
        }
        return found;
    }

    /** For each key whose value may be a single one: what it may be, by the schema of the key itself. */
    private static void varies(Map<String, Record> sections, Varies varies, ObjectNode schema) {
        schema.put("additionalProperties", false);
        ObjectNode properties = schema.putObject("properties");
        sections.forEach((name, defaults) -> {
            for (ConfigKey key : ConfigKey.of(defaults)) {
                String path = name + "." + key.name();
                Type type = key.component().getGenericType();
                boolean texts = type instanceof ParameterizedType list && list.getRawType() == List.class
                        && list.getActualTypeArguments()[0] == String.class;
                boolean many = type instanceof ParameterizedType generic && generic.getRawType() != Optional.class;
                if (path.matches(varies.except()) || many && !texts) {
                    continue;
                }
                ArrayNode either = properties.putObject(path).putArray("anyOf");
                ObjectNode list = either.addObject().put("type", "array").put("minItems", 1).put("uniqueItems", true);
                ObjectNode value = list.putObject("items").put("$ref", "#/properties/" + path.replace(".", "/properties/"));
                value.putObject("not").putArray("type").add("null").add("array");    // a list of texts may be one text
                if (type == double.class) {
                    either.add(range());
                }
            }
        });
    }

    private static ObjectNode range() {
        ObjectNode range = Json.STRICT.createObjectNode().put("type", "object").put("additionalProperties", false);
        range.putArray("required").add("min").add("max");
        ObjectNode properties = range.putObject("properties");
        properties.putObject("min").put("type", "number");
        properties.putObject("max").put("type", "number");
        properties.putObject("scale").putArray("enum").add("linear").add("log");
        return range;
    }

    private static ObjectNode section(List<ConfigKey> keys) {
        ObjectNode schema = Json.STRICT.createObjectNode();
        ObjectNode properties = object(schema);
        Map<String, List<ConfigKey>> within = new LinkedHashMap<>();
        for (ConfigKey key : keys) {
            int dot = key.name().indexOf('.');
            if (dot < 0) {
                properties.set(key.name(), property(key));
            } else {
                String name = key.name().substring(0, dot);
                within.computeIfAbsent(name, first -> new ArrayList<>())
                        .add(new ConfigKey(key.name().substring(dot + 1), key.component(), key.defaultValue()));
                properties.putObject(name);
            }
        }
        within.forEach((name, below) -> properties.set(name, section(below)));
        return schema;
    }

    private static ObjectNode property(ConfigKey key) {
        ObjectNode schema = Json.STRICT.createObjectNode().put("description", key.meaning() + ". Allowed: " + key.allowed());
        schema.set("default", Json.STRICT.valueToTree(key.defaultValue()));
        describe(key.component().getGenericType(), schema);
        if (key.defaultValue() == null) {
            types(schema).add("null");
        }
        if (NamedLists.isNamed(key.component())) {
            types(schema).add("object");
            ObjectNode below = schema.putObject("additionalProperties");
            below.put("minLength", 1).set("type", schema.get("items").get("type").deepCopy());
            types(below).add("array");
            below.put("minItems", 1).set("items", schema.get("items").deepCopy());
        }
        if (WeightedLists.isWeighted(key.component())) {
            ObjectNode text = (ObjectNode) schema.get("items");
            schema.putObject("items").putArray("anyOf").add(text).add(weightedEntry());
        }
        ObjectNode value = key.component().getType() == List.class ? (ObjectNode) schema.get("items") : schema;
        key.range().ifPresent(range -> bound(range, value));
        key.form().ifPresent(form -> form(form, value));
        key.items().ifPresent(items -> items(items, schema));
        return schema;
    }

    /** A text that is typed like a number or a truth value is a text here too: only if it is of the form. */
    private static void form(Form form, ObjectNode schema) {
        schema.put("pattern", "^(?:" + form.value() + ")$");
        ArrayNode types = schema.putArray("type").add("string");
        if ("1.5".matches(form.value())) {
            types.add("number");
        } else if ("1".matches(form.value())) {
            types.add("integer");
        }
        if (types.size() > 1 && !"-1".matches(form.value())) {
            schema.put("minimum", "0".matches(form.value()) ? 0 : 1);
        }
        if ("true".matches(form.value())) {
            types.add("boolean");
        }
    }

    private static void items(Items items, ObjectNode schema) {
        if (items.atLeast() > 0) {
            schema.put("minItems", items.atLeast());
            ArrayNode types = types(schema);
            for (int i = types.size() - 1; i >= 0; i--) {
                if (types.get(i).asText().equals("null")) {
                    types.remove(i);    // which is an empty list
                }
            }
        }
        if (items.count().length > 0) {
            ArrayNode counts = schema.putArray("anyOf");
            for (int count : items.count()) {
                counts.addObject().put("minItems", count).put("maxItems", count);
            }
        }
        if (items.distinct()) {
            schema.put("uniqueItems", true);
        }
        if (items.eachAtLeast() > 0) {
            ((ObjectNode) schema.get("items")).put("minItems", items.eachAtLeast());
        }
    }

    /** {@code {path: a.jsonl, weight: 3}}. */
    private static ObjectNode weightedEntry() {
        ObjectNode schema = section(ConfigKey.of(WeightedEntry.DEFAULTS));
        schema.put("type", "object").putArray("required").add("path");
        ((ObjectNode) schema.get("properties").get("path")).remove("default");
        return schema;
    }

    private static void describe(Type type, ObjectNode schema) {
        if (type instanceof ParameterizedType generic) {
            collection(generic, schema);
            return;
        }
        Class<?> wanted = (Class<?>) type;
        if (wanted.isEnum()) {
            choice(wanted.getEnumConstants(), schema.putArray("enum"));
        } else if (wanted == boolean.class || wanted == Boolean.class) {
            types(schema).add("boolean");
        } else if (wanted == int.class || wanted == Integer.class) {
            types(schema).add("integer");
            schema.put("minimum", Integer.MIN_VALUE).put("maximum", Integer.MAX_VALUE);
        } else if (wanted == long.class || wanted == Long.class) {
            types(schema).add("integer");
            schema.put("minimum", Long.MIN_VALUE).put("maximum", Long.MAX_VALUE);
        } else if (wanted == String.class || wanted == Path.class) {
            types(schema).add("string").add("number").add("boolean");    // a text may look like one of those: it is what was typed
        } else if (wanted != Object.class) {
            types(schema).add("number");
        }
    }

    private static void collection(ParameterizedType type, ObjectNode schema) {
        Type item = type.getActualTypeArguments()[type.getActualTypeArguments().length - 1];
        if (type.getRawType() == Optional.class) {
            describe(item, schema);
        } else if (type.getRawType() == List.class) {
            types(schema).add("array").add("null");
            if (item == String.class) {
                types(schema).add("string").add("number").add("boolean");    // one is a list of one
            }
            describe(item, schema.putObject("items"));
        } else {
            types(schema).add("object");
            describe(item, schema.putObject("additionalProperties"));
        }
    }

    /** In YAML true and false are no texts. */
    private static void choice(Object[] constants, ArrayNode names) {
        for (Object constant : constants) {
            String name = Keys.name((Enum<?>) constant);
            names.add(name);
            if (name.equals("true") || name.equals("false")) {
                names.add(name.equals("true"));
            }
        }
    }

    private static void bound(Range range, ObjectNode schema) {
        ObjectNode bounds = range.or().length == 0 ? schema : Json.STRICT.createObjectNode();
        bound(bounds, "minimum", range.atLeast());
        bound(bounds, "exclusiveMinimum", range.above());
        bound(bounds, "maximum", range.atMost());
        bound(bounds, "exclusiveMaximum", range.below());
        if (range.or().length > 0) {
            ArrayNode either = schema.putArray("anyOf").add(bounds);
            for (double other : range.or()) {
                either.addObject().set("const", number(other));
            }
        }
    }

    private static void bound(ObjectNode schema, String word, double bound) {
        if (Double.isFinite(bound)) {
            schema.set(word, number(bound));
        }
    }

    private static JsonNode number(double value) {
        return value == Math.rint(value) ? Json.STRICT.getNodeFactory().numberNode((long) value) : Json.STRICT.getNodeFactory()
                .numberNode(value);
    }

    /** A section: without a value it has its defaults. */
    private static ObjectNode object(ObjectNode schema) {
        types(schema).add("object").add("null");
        schema.put("additionalProperties", false);
        return schema.putObject("properties");
    }

    private static ArrayNode types(ObjectNode schema) {
        return schema.get("type") instanceof ArrayNode types ? types : schema.putArray("type");
    }
}

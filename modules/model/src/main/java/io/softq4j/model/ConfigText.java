package io.softq4j.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.softq4j.common.Json;
import io.softq4j.model.weights.DType;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The text of {@code config.json}: that of the model a directory is made from, in which nothing is changed but what is another now, or a
 * fresh one.
 */
public final class ConfigText {

    /** What it is called in a model directory. */
    public static final String FILE = "config.json";

    private ConfigText() {
    }

    /**
     * Of a model that comes from no directory.
     *
     * @param bosId begins a text; {@code eosId} where the tokenizer has no token for it
     */
    public static JsonText fresh(ModelConfig config, int bosId, int eosId) {
        ObjectNode json = fields(config);
        json.put("bos_token_id", bosId);
        if (!json.has("eos_token_id")) { // a family's own, which closes sources too, stays as it was in training
            json.put("eos_token_id", eosId);
        }
        json.put("torch_dtype", DType.F32.torchName());
        return new JsonText(FILE, json.toPrettyString() + "\n");
    }

    /**
     * Of a model that was read from a file: its text, with the fields in which the model is another than the file says, as where its output
     * layer differs from the embedding. Then fields that the file leaves out are added too, since what they are by default may follow from
     * one that changed.
     *
     * @param path the directory, or its {@code config.json}, or such a file of another name
     */
    public static JsonText of(Path path, ModelConfig config) {
        JsonText text = JsonText.read(ConfigJson.open(path).file());
        ObjectNode before = fields(Family.read(ConfigJson.open(path)));
        ObjectNode after = fields(config);
        for (Map.Entry<String, JsonNode> field : after.properties()) {
            boolean missing = !before.equals(after) && !text.has(field.getKey());
            if (missing || !field.getValue().equals(before.get(field.getKey()))) {
                text = text.with(field.getKey(), field.getValue());
            }
        }
        return text;
    }

    private static ObjectNode fields(ModelConfig config) {
        ObjectNode json = Json.PYTHON.createObjectNode();
        Family.of(config).write(json);
        return json;
    }

    /**
     * The same beside weights of another type; newer versions of transformers call it {@code dtype}, and say nothing where it is theirs by
     * default.
     */
    public static JsonText withDtype(JsonText config, DType dtype) {
        JsonText text = config;
        for (String key : List.of("dtype", "torch_dtype")) {
            text = text.has(key) ? text.with(key, TextNode.valueOf(dtype.torchName())) : text;
        }
        boolean said = text.has("dtype") || text.has("torch_dtype");
        return said || dtype == DType.F32 ? text : text.with("torch_dtype", TextNode.valueOf(dtype.torchName()));
    }
}

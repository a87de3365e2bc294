package io.softq4j.data;

import io.softq4j.common.UserError;
import io.softq4j.tokens.PromptTemplate;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The corpus and how its rows become examples. GSM8K, for instance, is prompt {@code "Question: {question}\nAnswer:"} and response
 * {@code " {answer}"}.
 *
 * @param train            JSON Lines file, one object a line; null until the user names one
 * @param validation       JSON Lines file, or null for none
 * @param prompt           template of the prompt, see {@link PromptTemplate}
 * @param response         template of the response
 * @param maxLength        tokens of the longest example, EOS included
 * @param overLength       what happens to a longer one
 * @param examplesPerShard examples in one shard file
 * @param onError          what happens at a row that cannot be read
 */
public record DataConfig(String train, String validation, String prompt, String response, int maxLength, OverLength overLength,
                         int examplesPerShard, OnError onError) {

    public DataConfig {
        require("prompt", prompt);
        require("response", response);
        require("over_length", overLength);
        require("on_error", onError);
        template("prompt", prompt);
        if (template("response", response).fields().isEmpty()) {
            throw new UserError("response \"" + response + "\" names no field, so every row would have the same response; "
                    + "write {field} for a field of the row");
        }
        if (maxLength < 2) {
            throw new UserError("max_length must be at least 2, was " + maxLength);
        }
        if (examplesPerShard < 1) {
            throw new UserError("examples_per_shard must be at least 1, was " + examplesPerShard);
        }
    }

    public static DataConfig defaults() {
        return new DataConfig(null, null, "{prompt}", "{response}", 512, OverLength.DROP, 8192, OnError.FAIL);
    }

    public DataConfig withFiles(String train, String validation) {
        return new DataConfig(train, validation, prompt, response, maxLength, overLength, examplesPerShard, onError);
    }

    public DataConfig withTemplates(String prompt, String response) {
        return new DataConfig(train, validation, prompt, response, maxLength, overLength, examplesPerShard, onError);
    }

    public DataConfig withMaxLength(int maxLength, OverLength overLength) {
        return new DataConfig(train, validation, prompt, response, maxLength, overLength, examplesPerShard, onError);
    }

    public DataConfig withOnError(OnError onError) {
        return new DataConfig(train, validation, prompt, response, maxLength, overLength, examplesPerShard, onError);
    }

    public PromptTemplate promptTemplate() {
        return new PromptTemplate(prompt);
    }

    public PromptTemplate responseTemplate() {
        return new PromptTemplate(response);
    }

    /** The fields a row must have, in the order of their first use. */
    public List<String> fields() {
        Set<String> fields = new LinkedHashSet<>(promptTemplate().fields());
        fields.addAll(responseTemplate().fields());
        return new ArrayList<>(fields);
    }

    private static void require(String key, Object value) {
        if (value == null) {
            throw new UserError(key + " must have a value");
        }
    }

    private static PromptTemplate template(String key, String source) {
        try {
            return new PromptTemplate(source);
        } catch (UserError e) {
            throw new UserError(key + ": " + e.getMessage(), e);
        }
    }
}

package io.softq4j.data;

import io.softq4j.tokens.PromptTemplate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.datavec.api.transform.schema.Schema;
import org.datavec.api.writable.Text;
import org.datavec.api.writable.Writable;
import org.nd4j.shade.jackson.annotation.JsonIgnoreProperties;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/** The text columns of a row to two, {@code prompt} and {@code response}, by a template each. */
@JsonIgnoreProperties("inputSchema")
public final class RenderTransform extends RowTransform {

    private static final long serialVersionUID = 1;

    static final String PROMPT = "prompt";
    static final String RESPONSE = "response";

    private final String promptTemplate;
    private final String responseTemplate;
    private transient PromptTemplate prompt;
    private transient PromptTemplate response;

    public RenderTransform(@JsonProperty("promptTemplate") String promptTemplate, @JsonProperty("responseTemplate") String responseTemplate) {
        this.promptTemplate = promptTemplate;
        this.responseTemplate = responseTemplate;
    }

    @Override
    Schema outputSchema() {
        return new Schema.Builder().addColumnsString(PROMPT, RESPONSE).build();
    }

    @Override
    public List<Writable> map(List<Writable> row) {
        if (prompt == null) {
            prompt = new PromptTemplate(promptTemplate);
            response = new PromptTemplate(responseTemplate);
        }
        Map<String, String> record = new LinkedHashMap<>();
        for (int i = 0; i < row.size(); i++) {
            record.put(inputSchema.getName(i), row.get(i).toString());
        }
        return List.of(new Text(prompt.render(record)), new Text(response.render(record)));
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof RenderTransform t && promptTemplate.equals(t.promptTemplate) && responseTemplate.equals(t.responseTemplate);
    }

    @Override
    public int hashCode() {
        return Objects.hash(promptTemplate, responseTemplate);
    }

    @Override
    public String toString() {
        return "RenderTransform(prompt \"" + promptTemplate + "\", response \"" + responseTemplate + "\")";
    }
}

package io.softq4j.data;

import java.nio.file.Path;
import org.datavec.api.transform.DataAction;
import org.datavec.api.transform.TransformProcess;
import org.datavec.api.transform.schema.Schema;

/** Rows of a corpus to examples, as a DataVec {@link TransformProcess} that is written down as JSON. */
public final class Pipeline {

    private Pipeline() {
    }

    /**
     * The steps for {@code data}.
     *
     * @param tokenizer       path of {@code tokenizer.json}, relative to the token store
     * @param tokenizerSha256 of that file
     */
    public static TransformProcess of(DataConfig data, String tokenizer, String tokenizerSha256) {
        Schema.Builder columns = new Schema.Builder();
        data.fields().forEach(columns::addColumnString);
        return new TransformProcess.Builder(columns.build())
                .transform(new RenderTransform(data.prompt(), data.response()))
                .transform(new TokenizeTransform(tokenizer, tokenizerSha256, data.maxLength(), data.overLength()))
                .build();
    }

    /**
     * A pipeline as it was written down, ready to run.
     *
     * @param json      {@link TransformProcess#toJson}, the {@code pipeline} of a token store's manifest
     * @param directory holds the tokenizer's files; that of the token store
     * @throws io.softq4j.common.UserError if the tokenizer there is not the one the pipeline was made with
     */
    public static TransformProcess read(String json, Path directory) {
        TransformProcess process = TransformProcess.fromJson(json);
        for (DataAction step : process.getActionList()) {
            if (step.getTransform() instanceof TokenizeTransform tokenize) {
                tokenize.bind(directory);
            }
        }
        return process;
    }
}

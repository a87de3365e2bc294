package io.softq4j.workflow;

import com.fasterxml.jackson.databind.JsonNode;
import io.softq4j.common.UserError;
import io.softq4j.data.DataConfig;
import io.softq4j.data.Records;
import io.softq4j.data.RenderedRecord;
import io.softq4j.data.read.CorpusFile;
import io.softq4j.data.read.CorpusFiles;
import io.softq4j.data.read.Format;
import io.softq4j.data.read.ReadOptions;
import io.softq4j.data.read.RowSource;
import io.softq4j.data.read.RowSources;
import io.softq4j.data.row.Row;
import io.softq4j.evaluation.Origin;
import io.softq4j.evaluation.Sample;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Texts that were made elsewhere, a row each, perhaps with several texts: JSON Lines, or any other format of a corpus. Files of samples that
 * {@code softq generate} and {@code softq evaluate} write are such.
 *
 * @param origin the file
 * @param rows   in their order, at least one
 */
record Predictions(Origin origin, List<Predicted> rows) {

    /** Where a row may have its texts, in the order in which they are looked for. */
    private static final List<String> TEXTS = List.of("predictions", "prediction", "text", "response");
    private static final String PROMPT = "prompt";
    private static final String ROW = "row";

    /**
     * What a row predicts.
     *
     * @param row    as it was read
     * @param prompt it says the texts are for; empty if it does not say
     * @param index  number of the row of the data that they are for, from 0; empty if it does not say
     * @param texts  at least one
     */
    record Predicted(Row row, Optional<String> prompt, Optional<Long> index, List<String> texts) {

        /** The texts as samples; a sample of softq's own knows its tokens. */
        List<Sample> samples() {
            JsonNode own = row.object();
            boolean known = texts.size() == 1 && own.path("tokens").isInt() && own.path("tokens").intValue() >= 0 && own.path("ended").isBoolean()
                    && own.path("entropy").isNumber();
            return known ? List.of(new Sample(texts.get(0), own.get("tokens").intValue(), own.get("ended").booleanValue(), own.get("entropy").doubleValue()))
                    : texts.stream().map(Sample::of).toList();
        }

        String where() {
            return row.file() + ":" + row.line();
        }
    }

    /** Reads a file. @throws UserError if it is missing or empty, or a row has no text */
    static Predictions read(Path file) {
        CorpusFile corpus = CorpusFiles.find(List.of(file.toString()), Format.AUTO).get(0);
        List<Predicted> rows = new ArrayList<>();
        try (RowSource source = RowSources.open(corpus, ReadOptions.of(List.of()))) {
            for (Row row = source.next(); row != null; row = source.next()) {
                rows.add(predicted(row));
            }
        } catch (IOException e) {
            throw new UserError("cannot read " + file + ": " + e.getMessage() + ". Check its permissions.", e);
        }
        if (rows.isEmpty()) {
            throw new UserError(file + " has no rows, so there is nothing to judge.");
        }
        return new Predictions(EvaluatedPrompts.origin(corpus), List.copyOf(rows));
    }

    /** The prompts that the rows of a file are, by the data section; none if they cannot be rendered so. */
    static List<String> rendered(Path file, DataConfig data) {
        try {
            return new Records(data, null).prompts(List.of(file.toString()), 0).records().stream().map(RenderedRecord::prompt).toList();
        } catch (UserError hasNoSuchColumns) {
            return List.of();
        }
    }

    private static Predicted predicted(Row row) {
        for (String name : TEXTS) {
            Optional<JsonNode> value = row.value(name);
            if (value.isPresent()) {
                return new Predicted(row, row.value(PROMPT).filter(JsonNode::isTextual).map(JsonNode::textValue),
                        row.value(ROW).filter(number -> number.isIntegralNumber() && number.longValue() >= 0).map(JsonNode::longValue),
                        texts(row, name, value.get()));
            }
        }
        throw new UserError(row.file() + ":" + row.line() + ": no text to judge. A row has it in one of " + TEXTS + " (a list for several samples); this "
                + "row has " + row.columns() + ".");
    }

    private static List<String> texts(Row row, String name, JsonNode value) {
        List<String> texts = new ArrayList<>();
        for (JsonNode text : value.isArray() ? value : List.of(value)) {
            if (!text.isTextual()) {
                throw new UserError(row.file() + ":" + row.line() + ": field \"" + name + "\" is " + value + "; expected a text or a list of texts.");
            }
            texts.add(text.textValue());
        }
        if (texts.isEmpty()) {
            throw new UserError(row.file() + ":" + row.line() + ": field \"" + name + "\" is an empty list; a prediction has at least one text.");
        }
        return texts;
    }

    /** Whether every row says its prompt. */
    boolean havePrompts() {
        return rows.stream().allMatch(row -> row.prompt().isPresent());
    }

    /** Whether every row says which row of the data it is for. */
    boolean haveIndices() {
        return rows.stream().allMatch(row -> row.index().isPresent());
    }
}

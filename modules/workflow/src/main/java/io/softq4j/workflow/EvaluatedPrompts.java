package io.softq4j.workflow;

import io.softq4j.common.Sha256;
import io.softq4j.common.UserError;
import io.softq4j.config.ConfigFile;
import io.softq4j.data.DataConfig;
import io.softq4j.data.DistinctPrompts;
import io.softq4j.data.Records;
import io.softq4j.data.RenderedRecord;
import io.softq4j.data.read.CorpusFile;
import io.softq4j.data.read.CorpusFiles;
import io.softq4j.data.read.StandardInput;
import io.softq4j.evaluation.EvaluatedRows;
import io.softq4j.evaluation.Item;
import io.softq4j.evaluation.Origin;
import io.softq4j.evaluation.Task;
import io.softq4j.generation.GenerationConfig;
import io.softq4j.tokens.Tokenizer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The prompts that are evaluated, with all that is known of them before a model is asked.
 *
 * @param prompts drawn from the rows
 * @param items   the same as items without samples, in the same order
 * @param rows    where they are from
 */
record EvaluatedPrompts(DistinctPrompts prompts, List<Item> items, EvaluatedRows rows) {

    /**
     * Reads them.
     *
     * @throws UserError if there is no such file or row, or the task cannot judge one of the rows: better now than after the sampling
     */
    static EvaluatedPrompts read(ConfigFile config, Optional<Tokenizer> tokenizer, Optional<Task> task) {
        return read(config, tokenizer, task, config.section(EvaluationConfig.class).prompts());
    }

    /** The same with another number of prompts, 0 for all. */
    static EvaluatedPrompts read(ConfigFile config, Optional<Tokenizer> tokenizer, Optional<Task> task, int limit) {
        EvaluationConfig evaluation = config.section(EvaluationConfig.class);
        DataConfig data = config.section(DataConfig.class);
        List<String> files = files(evaluation, data);
        DistinctPrompts prompts = new Records(data, tokenizer.orElse(null)).distinctPrompts(files, limit,
                config.section(GenerationConfig.class).seed());
        task.ifPresent(t -> prompts.items().forEach(item -> item.records().forEach(row -> requireReference(t, row))));
        return new EvaluatedPrompts(prompts, prompts.items().stream().map(EvaluatedPrompts::item).toList(), rows(files, data, prompts));
    }

    private static Item item(DistinctPrompts.Item item) {
        return new Item(item.prompt(), item.references(), item.records().stream().map(RenderedRecord::fields).toList(), List.of(), List.of());
    }

    private static void requireReference(Task task, RenderedRecord row) {
        try {
            task.correct(row.fields(), "");
        } catch (UserError e) {
            throw new UserError(row.where() + ": " + e.getMessage(), e);
        }
    }

    /** The files that the configuration says to evaluate on. @throws UserError if it says none */
    static List<String> files(EvaluationConfig evaluation, DataConfig data) {
        List<String> files = evaluation.data() != null ? List.of(evaluation.data()) : data.validation();
        if (files.isEmpty()) {
            throw new UserError("nothing to evaluate on: set evaluation.data (or --data) to a corpus file, or data.validation before preparing.");
        }
        return files;
    }

    private static EvaluatedRows rows(List<String> specs, DataConfig data, DistinctPrompts prompts) {
        List<Origin> files = new ArrayList<>();
        for (CorpusFile file : CorpusFiles.find(specs, data.format())) {
            files.add(origin(file));
        }
        return EvaluatedRows.of(files, prompts.items().stream().flatMap(item -> item.numbers().stream()).toList());
    }

    /** A file with the hash of its content. */
    static Origin origin(CorpusFile file) {
        try {
            return new Origin(file.name().equals(StandardInput.NAME) ? file.name() : file.path().toString(), Sha256.of(file.path()));
        } catch (IOException e) {
            throw new UserError("cannot read " + file.path() + ": " + e.getMessage() + ". Check its permissions.", e);
        }
    }

    /** The first row of each prompt. */
    List<RenderedRecord> records() {
        return prompts.prompts().records();
    }
}

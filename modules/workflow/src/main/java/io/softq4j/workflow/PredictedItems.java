package io.softq4j.workflow;

import io.softq4j.common.UserError;
import io.softq4j.data.DataConfig;
import io.softq4j.data.DistinctPrompts;
import io.softq4j.data.References;
import io.softq4j.data.RenderedRecord;
import io.softq4j.evaluation.EvaluatedRows;
import io.softq4j.evaluation.Item;
import io.softq4j.evaluation.Sample;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Texts that were made elsewhere, each with the item it is for.
 *
 * @param records the first row of each item
 * @param items   with their samples, in the same order
 * @param rows    of the data; null if the predictions bring their own
 */
record PredictedItems(List<RenderedRecord> records, List<Item> items, EvaluatedRows rows) {

    private static final Logger LOG = LoggerFactory.getLogger(PredictedItems.class);
    private static final int SHOWN = 5;

    /** Predictions that bring their own references: rows with one prompt are one item, a row without a prompt is an item of its own. */
    static PredictedItems alone(Predictions predictions, DataConfig data) {
        References.requireColumns(data, predictions.rows().stream().map(Predictions.Predicted::row).toList(), predictions.origin().path());
        Map<String, List<Predictions.Predicted>> byPrompt = new LinkedHashMap<>();
        for (Predictions.Predicted row : predictions.rows()) {
            byPrompt.computeIfAbsent(row.prompt().orElse(row.where()), prompt -> new ArrayList<>()).add(row);
        }
        List<RenderedRecord> records = new ArrayList<>();
        List<Item> items = new ArrayList<>();
        byPrompt.forEach((prompt, rows) -> {
            List<RenderedRecord> own = rows.stream().map(row -> new RenderedRecord(prompt, List.of(), items.size(), row.row().object(), row.where()))
                    .toList();
            items.add(new Item(prompt, references(rows, data), own.stream().map(RenderedRecord::fields).toList(),
                    samples(rows), List.of()));
            records.add(own.get(0));
        });
        LOG.info("{}: {} texts for {} different prompts, {} references in the same rows", predictions.origin().path(),
                items.stream().mapToInt(item -> item.samples().size()).sum(), items.size(), items.stream().mapToInt(item -> item.references().size()).sum());
        return new PredictedItems(records, items, null);
    }

    /** Of rows with one prompt. Samples of one prompt repeat its list, rows of a corpus add to it: equal lists count once, wherever they stand. */
    private static List<String> references(List<Predictions.Predicted> rows, DataConfig data) {
        Set<List<String>> lists = new LinkedHashSet<>();
        rows.forEach(row -> lists.add(References.of(data, row.row())));
        return lists.stream().flatMap(List::stream).toList();
    }

    private static List<Sample> samples(List<Predictions.Predicted> rows) {
        return rows.stream().flatMap(row -> row.samples().stream()).toList();
    }

    /**
     * Predictions for the prompts of a corpus.
     *
     * @param read     the prompts, at most so many; 0 for all
     * @param rendered the rows of the predictions as prompts; none if they cannot be rendered
     * @param limit    how many prompts are drawn, so that predictions for others are to be expected; 0 for all
     * @throws UserError if predictions and prompts do not go together, with the lines that do not
     */
    static PredictedItems on(IntFunction<EvaluatedPrompts> read, Predictions predictions, List<String> rendered, int limit) {
        EvaluatedPrompts prompts = read.apply(limit);
        List<List<Predictions.Predicted>> found = new ArrayList<>();
        prompts.items().forEach(item -> found.add(new ArrayList<>()));
        List<String> texts = predictions.havePrompts() ? predictions.rows().stream().map(row -> row.prompt().orElseThrow()).toList() : rendered;
        String how = byPrompt(prompts, predictions, texts, found) ? predictions.havePrompts() ? "by their prompts" : "by the columns of their prompts"
                : predictions.haveIndices() ? byIndex(prompts, predictions, found) : byOrder(limit > 0 ? read.apply(0) : prompts, prompts, predictions, found);
        int none = (int) found.stream().filter(List::isEmpty).count();
        if (none > 0) {
            throw new UserError(predictions.origin().path() + " has no text for " + none + " of the " + found.size() + " prompts, matched " + how
                    + ": " + first(prompts, found) + ". Every prompt needs one; set evaluation.prompts, or judge on the rows that were predicted.");
        }
        int used = found.stream().mapToInt(List::size).sum();
        if (used < predictions.rows().size() && limit == 0) {
            throw new UserError(predictions.origin().path() + ": " + (predictions.rows().size() - used) + " of " + predictions.rows().size()
                    + " rows are for no prompt of the data, matched " + how + ": " + unused(predictions, found) + ". Is it the same file, rendered by the "
                    + "same data section (--config)?");
        }
        LOG.info("{}: {} rows matched {}{}", predictions.origin().path(), used, how,
                used < predictions.rows().size() ? ", " + (predictions.rows().size() - used) + " for prompts that were not drawn" : "");
        List<Item> items = new ArrayList<>();
        for (int i = 0; i < found.size(); i++) {
            items.add(prompts.items().get(i).withSamples(samples(found.get(i))));
        }
        return new PredictedItems(prompts.records(), items, prompts.rows());
    }

    private static String first(EvaluatedPrompts prompts, List<List<Predictions.Predicted>> found) {
        List<String> missing = new ArrayList<>();
        for (int i = 0; i < found.size() && missing.size() < SHOWN; i++) {
            if (found.get(i).isEmpty()) {
                missing.add(prompts.records().get(i).where());
            }
        }
        return String.join(", ", missing);
    }

    private static String unused(Predictions predictions, List<List<Predictions.Predicted>> found) {
        Set<Predictions.Predicted> used = Collections.newSetFromMap(new IdentityHashMap<>());
        found.forEach(used::addAll);
        return predictions.rows().stream().filter(row -> !used.contains(row)).limit(SHOWN)
                .map(Predictions.Predicted::where).collect(Collectors.joining(", "));
    }

    /** Whether any row has the prompt of an item: else prompts are written in another way, and say nothing. */
    private static boolean byPrompt(EvaluatedPrompts prompts, Predictions predictions, List<String> texts,
            List<List<Predictions.Predicted>> found) {
        Map<String, Integer> byText = new HashMap<>();
        for (int i = 0; i < prompts.items().size(); i++) {
            byText.putIfAbsent(prompts.items().get(i).prompt().strip(), i);
        }
        boolean any = false;
        for (int i = 0; i < texts.size(); i++) {
            Integer item = byText.get(texts.get(i).strip());
            if (item != null) {
                found.get(item).add(predictions.rows().get(i));
                any = true;
            }
        }
        return any;
    }

    private static String byIndex(EvaluatedPrompts prompts, Predictions predictions, List<List<Predictions.Predicted>> found) {
        Map<Long, Integer> byNumber = numbers(prompts);
        for (Predictions.Predicted row : predictions.rows()) {
            Optional.ofNullable(byNumber.get(row.index().orElseThrow() + 1)).ifPresent(item -> found.get(item).add(row));
        }
        return "by the number of their row";
    }

    private static Map<Long, Integer> numbers(EvaluatedPrompts prompts) {
        Map<Long, Integer> byNumber = new HashMap<>();
        List<DistinctPrompts.Item> items = prompts.prompts().items();
        for (int i = 0; i < items.size(); i++) {
            int item = i;
            items.get(i).numbers().forEach(number -> byNumber.put(number, item));
        }
        return byNumber;
    }

    /** All prompts of the data have their texts in order, and those that were drawn take theirs from them. */
    private static String byOrder(EvaluatedPrompts all, EvaluatedPrompts prompts, Predictions predictions, List<List<Predictions.Predicted>> found) {
        Map<Long, Integer> byNumber = numbers(all);
        int given = predictions.rows().size();
        int different = all.items().size();
        if (given != different && given != byNumber.size()) {
            boolean drawn = prompts.items().size() < different;
            throw new UserError(predictions.origin().path() + " has " + given + " rows, and " + (predictions.havePrompts() ? "none of them has the prompt of a "
                    + (drawn ? "row that was drawn" : "row of the data") : "they do not say their prompt (prompt) or the row they are for (row)")
                    + ". In order they would have to be " + different + ", one for each different prompt, or " + byNumber.size() + ", one for each row of the data"
                    + (drawn ? ", since evaluation.prompts draws " + prompts.items().size() + " prompts and not the first. Give each row its prompt or row, or "
                    + "set evaluation.prompts to 0 and judge on the rows that were predicted." : "."));
        }
        Map<String, Integer> drawn = new HashMap<>();
        for (int i = 0; i < prompts.items().size(); i++) {
            drawn.put(prompts.items().get(i).prompt(), i);
        }
        for (int i = 0; i < given; i++) {
            int item = given == different ? i : byNumber.get(i + 1L);
            Predictions.Predicted row = predictions.rows().get(i);
            Optional.ofNullable(drawn.get(all.items().get(item).prompt())).ifPresent(to -> found.get(to).add(row));
        }
        return given == different ? "in order, one for each different prompt" : "in order, one for each row of the data";
    }
}

package io.softq4j.data;

import io.softq4j.common.UserError;
import io.softq4j.data.chat.TrainOn;
import io.softq4j.data.read.Format;
import io.softq4j.data.read.SampleBy;
import io.softq4j.data.render.Shape;
import io.softq4j.data.step.OverLength;
import io.softq4j.data.step.TruncationMode;
import io.softq4j.tokens.PromptTemplate;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The corpus and how its rows become examples.
 *
 * @param train              files, globs or directories to learn from; empty until the user names one
 * @param validation         the same for validation
 * @param validationFraction share of the rows of {@code train} that is for validation instead
 * @param testFraction       share of the rows of {@code train} that is for testing instead
 * @param splitBy            column whose equal values stay in one part; null: rows with the same prompt do
 * @param mixingWeights      how often each of {@code train} takes its turn, relative to the others; empty: one after the other
 * @param stoppingStrategy   when a mixture ends
 * @param format             of the files; AUTO goes by their names
 * @param sampleBy           what a row of a text file is
 * @param onError            what happens at a row that cannot be read
 * @param shape              what the rows look like
 * @param columns            field of the shape to column of the corpus, where its name is another
 * @param prompt             template of the prompt, see {@link PromptTemplate}; with it shape is TEMPLATE. Null where there is none
 * @param response           template of the response; null as {@code prompt}
 * @param system             template of the system message that a conversation without one begins with; null is none
 * @param applyChatTemplate  render prompts and responses as conversations too
 * @param chatTemplate       name of a built-in chat template, or a file; null is the tokenizer's own
 * @param trainOn            what is scored
 * @param maxLength          tokens of the longest example, EOS included
 * @param overLength         what happens to a longer one
 * @param truncationMode     which tokens stay, where a longer one is cut
 * @param filter             which rows are used
 * @param examplesPerShard   examples in one shard file
 * @param numProc            threads; 0 is one for each processor. The result is the same for any number
 */
public record DataConfig(List<String> train, List<String> validation, double validationFraction, double testFraction, String splitBy,
                         List<Double> mixingWeights, StoppingStrategy stoppingStrategy, Format format, SampleBy sampleBy, OnError onError, Shape shape, Map<String, String> columns,
                         String prompt, String response, String system, boolean applyChatTemplate, String chatTemplate, TrainOn trainOn, int maxLength,
                         OverLength overLength, TruncationMode truncationMode, FilterConfig filter, int examplesPerShard, int numProc) {

    public DataConfig {
        train = List.copyOf(train);
        validation = List.copyOf(validation);
        mixingWeights = List.copyOf(mixingWeights);
        columns = Collections.unmodifiableMap(new LinkedHashMap<>(columns));
        require("stopping_strategy", stoppingStrategy);
        require("format", format);
        require("sample_by", sampleBy);
        require("on_error", onError);
        require("shape", shape);
        require("train_on", trainOn);
        require("over_length", overLength);
        require("truncation_mode", truncationMode);
        requireTemplates(shape, prompt, response, columns);
        if (system != null) {
            template("system", system);
        }
        requireFractions(validation, validationFraction, testFraction);
        requireWeights(train, mixingWeights, stoppingStrategy, filter.dedupe());
        if (splitBy != null && validationFraction == 0 && testFraction == 0) {
            throw new UserError("split_by is " + splitBy + ", but nothing is split: set validation_fraction or test_fraction, or remove split_by");
        }
        if (maxLength < 2) {
            throw new UserError("max_length must be at least 2, was " + maxLength);
        }
        if (filter.minLength() > maxLength) {
            throw new UserError("filter.min_length is " + filter.minLength() + ", above max_length " + maxLength + ": no example could be both");
        }
        if (examplesPerShard < 1) {
            throw new UserError("examples_per_shard must be at least 1, was " + examplesPerShard);
        }
        if (numProc < 0) {
            throw new UserError("num_proc must be at least 0 (0 is one thread for each processor), was " + numProc);
        }
    }

    public static DataConfig defaults() {
        return new DataConfig(List.of(), List.of(), 0, 0, null, List.of(), StoppingStrategy.ALL_EXHAUSTED, Format.AUTO, SampleBy.LINE, OnError.FAIL, Shape.AUTO,
                Map.of(), null, null, null, false, null, TrainOn.COMPLETION, 512, OverLength.DROP, TruncationMode.KEEP_START, FilterConfig.defaults(), 8192, 0);
    }

    /** This configuration with what {@code change} sets. */
    public DataConfig with(Consumer<DataConfigDraft> change) {
        DataConfigDraft draft = new DataConfigDraft(this);
        change.accept(draft);
        return draft.build();
    }

    /** Null for no validation. */
    public DataConfig withFiles(String train, String validation) {
        return with(d -> {
            d.train = List.of(train);
            d.validation = validation == null ? List.of() : List.of(validation);
        });
    }

    public DataConfig withTemplates(String prompt, String response) {
        return with(d -> {
            d.prompt = prompt;
            d.response = response;
        });
    }

    public DataConfig withMaxLength(int maxLength, OverLength overLength) {
        return with(d -> {
            d.maxLength = maxLength;
            d.overLength = overLength;
        });
    }

    public DataConfig withOnError(OnError onError) {
        return with(d -> d.onError = onError);
    }

    /** Whether rows of {@code train} go to several parts. */
    boolean isSplit() {
        return validationFraction > 0 || testFraction > 0;
    }

    /** TEMPLATE where templates are given, else what the user said, perhaps AUTO. */
    public Shape effectiveShape() {
        return prompt == null && response == null ? shape : Shape.TEMPLATE;
    }

    /** {@code num_proc}, or one for each processor. */
    int threads() {
        return numProc == 0 ? Runtime.getRuntime().availableProcessors() : numProc;
    }

    private static void requireTemplates(Shape shape, String prompt, String response, Map<String, String> columns) {
        if (prompt == null && response == null) {
            if (shape == Shape.TEMPLATE) {
                throw new UserError("shape is template, but prompt and response are not set");
            }
            return;
        }
        if (shape != Shape.AUTO && shape != Shape.TEMPLATE) {
            throw new UserError("shape is " + shape.key() + ", but there are templates too (prompt, response); set shape to template or remove them");
        }
        if (!columns.isEmpty()) {
            throw new UserError("columns is for the shapes softq4j knows; templates (prompt, response) name the columns of the corpus themselves");
        }
        if (response == null) {
            throw new UserError("prompt is set, but response is not; what is to be learned? Such as response: \" {answer}\"");
        }
        template("prompt", prompt == null ? "" : prompt);
        if (template("response", response).fields().isEmpty()) {
            throw new UserError("response \"" + response + "\" names no field, so every row would have the same response; "
                    + "write {field} for a field of the row");
        }
    }

    private static void requireFractions(List<String> validation, double validationFraction, double testFraction) {
        if (!(validationFraction >= 0 && validationFraction < 1) || !(testFraction >= 0 && testFraction < 1) || validationFraction + testFraction >= 1) {
            throw new UserError("validation_fraction and test_fraction must be 0 or more, together below 1, were " + validationFraction + " and "
                    + testFraction);
        }
        if (!validation.isEmpty() && validationFraction > 0) {
            throw new UserError("validation_fraction is " + validationFraction + ", but there are files for validation too: " + validation
                    + "; use one of the two");
        }
    }

    private static void requireWeights(List<String> train, List<Double> weights, StoppingStrategy stopping, Dedupe dedupe) {
        if (!weights.isEmpty() && !train.isEmpty() && weights.size() != train.size()) {
            throw new UserError("mixing_weights has " + weights.size() + " weights for the " + train.size() + " entries of train; give one for each");
        }
        if (!weights.isEmpty() && stopping == StoppingStrategy.ALL_EXHAUSTED && dedupe != Dedupe.NONE) {
            throw new UserError("mixing_weights with stopping_strategy all_exhausted repeats the shorter corpora, and filter.dedupe would take the repeats out "
                    + "again; set stopping_strategy to first_exhausted or filter.dedupe to none");
        }
        for (double weight : weights) {
            if (!(weight > 0) || Double.isInfinite(weight)) {
                throw new UserError("mixing_weights must be above 0, were " + weights);
            }
        }
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

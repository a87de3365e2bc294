package io.softq4j.data;

import io.softq4j.chat.TrainOn;
import io.softq4j.common.Drafts;
import io.softq4j.common.Key;
import io.softq4j.common.Keys;
import io.softq4j.common.NamesOf;
import io.softq4j.common.PythonFloat;
import io.softq4j.common.Range;
import io.softq4j.common.StoppingStrategy;
import io.softq4j.common.UserError;
import io.softq4j.common.WeightsOf;
import io.softq4j.data.read.Format;
import io.softq4j.data.read.SampleBy;
import io.softq4j.data.render.Shape;
import io.softq4j.data.step.OverLength;
import io.softq4j.data.step.TruncationMode;
import io.softq4j.tokens.PromptTemplate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The corpus and how its rows become examples. Null is what a text has that is not set.
 *
 * <p>Each component is a key of the section {@code data}; its {@link Key} says what it means.
 */
public record DataConfig(
        @Key(value = "what to learn from; `prepare` needs it", allowed = "files, globs (`chats/**/*.jsonl.gz`), directories; one, or a list in "
                + "which `{path: P, weight: W}` is an entry too")
        List<String> train,
        @Key(value = "for the validation loss, and for evaluation if `evaluation.data` is not set", allowed = "files, globs, directories; one, a list, or below names of sets: "
                + "`{easy: a.jsonl, hard: [b.jsonl, c.jsonl]}`")
        List<String> validation,
        @Key(value = "the set of each entry of `validation`; a set has figures of its own, `eval_easy_loss`. Empty: all are one set, `eval_loss`. The names "
                + "above the entries of `validation` say the same",
                allowed = "one for each entry, of letters, digits, `_` and `-`")
        @NamesOf("validation")
        List<String> validationNames,
        @Key(value = "share of the rows of `train` that is for validation instead, by a hash of their prompt",
                allowed = "not together with `validation`")
        @Range(atLeast = 0, below = 1)
        double validationFraction,
        @Key(value = "the same for a part `test`", allowed = "both fractions together below 1")
        @Range(atLeast = 0, below = 1)
        double testFraction,
        @Key(value = "column whose equal values stay in one part; null: rows with the same prompt do",
                allowed = "a column; with a fraction")
        String splitBy,
        @Key(value = "how often each entry of `train` takes its turn, relative to the others; empty: one after the other. `weight` at an "
                + "entry of `train` says the same (1 if it is left out)",
                allowed = "one for each entry")
        @Range(above = 0)
        @WeightsOf("train")
        List<Double> mixingWeights,
        @Key("a mixture ends when every corpus has been read to its end (shorter ones begin again), or with the first")
        StoppingStrategy stoppingStrategy,
        @Key("of the files; auto goes by their names")
        Format format,
        @Key("what a row of a text file is")
        SampleBy sampleBy,
        @Key("a row that cannot be read or rendered: stops the preparation, or is left out and counted")
        OnError onError,
        @Key("what the rows look like; auto goes by the columns of the first")
        Shape shape,
        @Key(value = "field of the shape to column of the corpus, if it has another name: `{prompt: Q, completion: A}`",
                allowed = "fields of the shape")
        Map<String, String> columns,
        @Key(value = "texts that would all be right: a column with a list, or several columns; empty: a column `references`, if rows have it",
                allowed = "columns; one or a list")
        List<String> references,
        @Key(value = "template of the prompt: `{field}` is a column, `{{` and `}}` are braces; the shape is then template",
                allowed = "a template")
        String prompt,
        @Key(value = "template of the response; EOS is added after it", allowed = "a template with at least one field")
        String response,
        @Key(value = "template of the system message that a conversation without one begins with",
                allowed = "a template; for conversations, or with `apply_chat_template`")
        String system,
        @Key("render prompts and responses as conversations too; shapes messages and sharegpt always are")
        boolean applyChatTemplate,
        @Key(value = "the chat template; null is the tokenizer's own, and chatml for a tokenizer trained here",
                allowed = "a built-in name, or a file in Jinja2")
        String chatTemplate,
        @Key("what is scored: every response, everything, only the last response")
        TrainOn trainOn,
        @Key("tokens of the longest example, prompt and EOS included")
        @Range(atLeast = 2)
        int maxLength,
        @Key("a longer one: is left out, is cut, or stops the preparation")
        OverLength overLength,
        @Key("where a longer one is cut: it keeps its first tokens and loses its end, EOS too, or keeps its last, and the "
                + "prompt loses its beginning")
        TruncationMode truncationMode,
        FilterConfig filter,
        @Key(value = "examples in a shard file", allowed = "a shard stays below 2 GiB")
        @Range(atLeast = 1)
        int examplesPerShard,
        @Key(value = "threads; the result is the same for any number",
                allowed = "0 is one thread for each processor")
        @Range(atLeast = 0)
        int numProc) {

    private static final Keys KEYS = Keys.of(DataConfig.class);

    public DataConfig {
        train = List.copyOf(train);
        validation = List.copyOf(validation);
        validationNames = List.copyOf(validationNames);
        mixingWeights = List.copyOf(mixingWeights);
        references = List.copyOf(references);
        columns = Collections.unmodifiableMap(new LinkedHashMap<>(columns));
        KEYS.check("stopping_strategy", stoppingStrategy);
        KEYS.check("format", format);
        KEYS.check("sample_by", sampleBy);
        KEYS.check("on_error", onError);
        KEYS.check("shape", shape);
        KEYS.check("train_on", trainOn);
        KEYS.check("over_length", overLength);
        KEYS.check("truncation_mode", truncationMode);
        KEYS.check("validation_fraction", validationFraction);
        KEYS.check("test_fraction", testFraction);
        KEYS.check("mixing_weights", mixingWeights);
        KEYS.check("max_length", maxLength);
        KEYS.check("examples_per_shard", examplesPerShard);
        KEYS.check("num_proc", numProc);
        requireTemplates(shape, prompt, response, columns);
        if (system != null) {
            template("system", system);
        }
        requireNames(validation, validationNames);
        requireFractions(validation, validationFraction, testFraction);
        requireWeights(train, mixingWeights, stoppingStrategy, filter.dedupe());
        if (splitBy != null && validationFraction == 0 && testFraction == 0) {
            throw new UserError("split_by is " + splitBy + ", but nothing is split: set validation_fraction or test_fraction, or remove split_by");
        }
        if (filter.minLength() > maxLength) {
            throw new UserError("filter.min_length is " + filter.minLength() + ", above max_length " + maxLength + ": no example could be both");
        }
    }

    /** The components by name, to be set; see {@link #with}. Each method is documented at the component of its name. */
    public interface Draft {

        Draft train(List<String> value);

        Draft validation(List<String> value);

        Draft validationNames(List<String> value);

        Draft validationFraction(double value);

        Draft testFraction(double value);

        Draft splitBy(String value);

        Draft mixingWeights(List<Double> value);

        Draft stoppingStrategy(StoppingStrategy value);

        Draft format(Format value);

        Draft sampleBy(SampleBy value);

        Draft onError(OnError value);

        Draft shape(Shape value);

        Draft columns(Map<String, String> value);

        Draft references(List<String> value);

        Draft prompt(String value);

        Draft response(String value);

        Draft system(String value);

        Draft applyChatTemplate(boolean value);

        Draft chatTemplate(String value);

        Draft trainOn(TrainOn value);

        Draft maxLength(int value);

        Draft overLength(OverLength value);

        Draft truncationMode(TruncationMode value);

        Draft filter(FilterConfig value);

        Draft examplesPerShard(int value);

        Draft numProc(int value);
    }

    /** No corpus yet; what is too long or cannot be read is handled as the tables of docs/configuration.md say. */
    public static DataConfig defaults() {
        return Drafts.make(DataConfig.class, Draft.class,
                c -> c.train(List.of()).validation(List.of()).validationNames(List.of()).validationFraction(0).testFraction(0)
                .splitBy(null).mixingWeights(List.of()).stoppingStrategy(StoppingStrategy.ALL_EXHAUSTED).format(Format.AUTO)
                .sampleBy(SampleBy.LINE).onError(OnError.FAIL).shape(Shape.AUTO).columns(Map.of()).references(List.of()).prompt(null).response(null).system(null)
                .applyChatTemplate(false).chatTemplate(null).trainOn(TrainOn.COMPLETION).maxLength(512).overLength(OverLength.DROP)
                .truncationMode(TruncationMode.KEEP_START).filter(FilterConfig.defaults()).examplesPerShard(8192).numProc(0));
    }

    /** This configuration with what {@code change} sets. */
    public DataConfig with(Consumer<Draft> change) {
        return Drafts.change(this, Draft.class, change);
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

    /** The files of each validation set by its name, in their order; the name of the one without is empty. */
    public Map<String, List<String>> validationSets() {
        Map<String, List<String>> sets = new LinkedHashMap<>();
        for (int i = 0; i < validation.size(); i++) {
            sets.computeIfAbsent(validationNames.isEmpty() ? "" : validationNames.get(i), name -> new ArrayList<>()).add(validation.get(i));
        }
        return sets;
    }

    private static void requireNames(List<String> validation, List<String> names) {
        if (!names.isEmpty() && names.size() != validation.size()) {
            throw new UserError("validation_names has " + names.size() + " names for the " + validation.size() + " entries of validation; give one for each");
        }
        for (String name : names) {
            if (!name.matches("[A-Za-z0-9][A-Za-z0-9_-]*")) {
                throw new UserError("validation_names has '" + name + "'; a name is a part of keys and of a directory: letters, digits, _ and -");
            }
            for (String other : names) {
                if (!name.equals(other) && (name.equalsIgnoreCase(other) || other.startsWith(name + "_"))) {
                    throw new UserError("validation_names has '" + name + "' and '" + other + "', whose keys eval_" + name + "_... and files could be taken for "
                            + "each other's; choose other names");
                }
            }
        }
    }

    private static void requireFractions(List<String> validation, double validationFraction, double testFraction) {
        if (validationFraction + testFraction >= 1) {
            throw new UserError("validation_fraction and test_fraction must be below 1 together, were " + PythonFloat.str(validationFraction)
                    + " and " + PythonFloat.str(testFraction));
        }
        if (!validation.isEmpty() && validationFraction > 0) {
            throw new UserError("validation_fraction is " + PythonFloat.str(validationFraction) + ", but there are files for validation too: " + validation
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
    }

    private static PromptTemplate template(String key, String source) {
        try {
            return new PromptTemplate(source);
        } catch (UserError e) {
            throw new UserError(key + ": " + e.getMessage(), e);
        }
    }
}

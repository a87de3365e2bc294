package io.softq4j.data;

import io.softq4j.chat.TrainOn;
import io.softq4j.common.UserError;
import io.softq4j.data.render.RenderSpec;
import io.softq4j.data.row.Column;
import io.softq4j.data.step.ExactDuplicates;
import io.softq4j.data.step.LengthPolicy;
import io.softq4j.data.step.MatchingFilter;
import io.softq4j.data.step.NearDuplicates;
import io.softq4j.data.step.OverlapFilter;
import io.softq4j.data.step.RenderTransform;
import io.softq4j.data.step.SplitTransform;
import io.softq4j.data.step.TokenizeTransform;
import io.softq4j.tokens.Tokenizer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.datavec.api.transform.DataAction;
import org.datavec.api.transform.Transform;
import org.datavec.api.transform.TransformProcess;
import org.datavec.api.transform.schema.Schema;

/** Rows of a corpus to examples, as a DataVec {@link TransformProcess} that is written down as JSON. */
public final class Pipeline {

    /** The evaluation corpus's runs of words, beside the pipeline that leaves them out. */
    static final String GRAMS = "decontaminate.bin";

    private Pipeline() {
    }

    /**
     * The steps for {@code data}: the user's transforms, filters over columns, rendering, decontamination, duplicates, the split, tokens.
     *
     * @param columns         those the process begins with
     * @param spec            how a row is rendered
     * @param decontaminate   whether to leave out what {@link #GRAMS} beside the pipeline holds
     * @param tokenizer       path of {@code tokenizer.json}, relative to the token store
     * @param tokenizerSha256 of that file
     */
    static TransformProcess of(DataConfig data, List<Column> columns, RenderSpec spec, boolean decontaminate, String tokenizer, String tokenizerSha256) {
        FilterConfig filter = data.filter();
        TransformProcess.Builder steps = rendering(data, columns, spec);
        if (decontaminate) {
            steps.filter(new OverlapFilter(GRAMS, filter.decontaminateNgram()));
        }
        switch (filter.dedupe()) {
            case NONE -> { }
            case EXACT -> steps.filter(new ExactDuplicates());
            case NEAR -> steps.filter(new ExactDuplicates()).filter(new NearDuplicates(filter.dedupeThreshold()));
        }
        if (data.isSplit()) {
            steps.transform(new SplitTransform(data.validationFraction(), data.testFraction()));
        }
        return steps.transform(new TokenizeTransform(tokenizer, tokenizerSha256, spec.chat().isPresent(), spec.trainOn() == TrainOn.ALL, spec.endToken().orElse(null),
                new LengthPolicy(filter.minLength(), data.maxLength(), data.overLength(), data.truncationMode()))).build();
    }

    /** The first of these steps, to the rendered text. */
    static TransformProcess.Builder rendering(DataConfig data, List<Column> columns, RenderSpec spec) {
        TransformProcess.Builder steps = transforms(data, columns);
        data.filter().keepMatching().forEach((column, regex) -> steps.filter(new MatchingFilter(column, regex, true)));
        data.filter().dropMatching().forEach((column, regex) -> steps.filter(new MatchingFilter(column, regex, false)));
        return steps.transform(data.isSplit() ? RenderTransform.grouping(spec, data.splitBy()) : RenderTransform.of(spec));
    }

    /** The very first of them: the user's own. */
    static TransformProcess.Builder transforms(DataConfig data, List<Column> columns) {
        Schema.Builder schema = new Schema.Builder();
        columns.forEach(column -> schema.addColumnString(column.name()));
        TransformProcess.Builder steps = new TransformProcess.Builder(schema.build());
        data.filter().transforms().forEach(name -> steps.transform(instance(name)));
        return steps;
    }

    static Transform instance(String className) {
        try {
            return (Transform) Class.forName(className).getDeclaredConstructor().newInstance();
        } catch (ClassNotFoundException e) {
            throw new UserError("filter.transforms: there is no class " + className + " on the class path; name its jar in the environment variable SOFTQ_PLUGINS", e);
        } catch (ClassCastException e) {
            throw new UserError("filter.transforms: " + className + " is no org.datavec.api.transform.Transform", e);
        } catch (ReflectiveOperationException e) {
            throw new UserError("filter.transforms: " + className + " cannot be made: " + e + ". It needs a public constructor without parameters", e);
        }
    }

    /**
     * A pipeline as it was written down, ready to run.
     *
     * @param json      {@link TransformProcess#toJson}, the {@code pipeline} of a token store's manifest
     * @param directory holds the tokenizer's files; that of the token store
     * @throws UserError if the tokenizer there is not the one the pipeline was made with
     */
    public static TransformProcess read(String json, Path directory) {
        return read(json, directory, tokenize -> tokenize.bind(directory));
    }

    /** As {@link #read(String, Path)}, with the tokenizer opened before. */
    static TransformProcess read(String json, Path directory, Tokenizer tokenizer) {
        return read(json, directory, tokenize -> tokenize.bind(tokenizer));
    }

    private static TransformProcess read(String json, Path directory, Consumer<TokenizeTransform> bind) {
        TransformProcess process = TransformProcess.fromJson(json);
        for (DataAction step : process.getActionList()) {
            if (step.getTransform() instanceof TokenizeTransform tokenize) {
                bind.accept(tokenize);
            } else if (step.getTransform() instanceof RenderTransform render) {
                render.bind();
            } else if (step.getFilter() instanceof OverlapFilter overlap) {
                overlap.bind(directory);
            }
        }
        return process;
    }

    /**
     * The columns a pipeline for {@code data} reads: those that rendering needs and filters look at; where there are transforms of the user's, all that
     * the corpus has, and of the others only those that no transform makes.
     *
     * @param rendered what rendering needs
     * @param present  what the first row has
     */
    static List<Column> columns(DataConfig data, List<Column> rendered, List<String> present) {
        Map<String, Column> wanted = new LinkedHashMap<>();
        rendered.forEach(column -> wanted.put(column.name(), column));
        data.filter().keepMatching().keySet().forEach(name -> wanted.putIfAbsent(name, new Column(name, Column.Kind.OPTIONAL_TEXT)));
        data.filter().dropMatching().keySet().forEach(name -> wanted.putIfAbsent(name, new Column(name, Column.Kind.OPTIONAL_TEXT)));
        if (data.isSplit() && data.splitBy() != null) {
            wanted.putIfAbsent(data.splitBy(), Column.text(data.splitBy()));
        }
        if (data.filter().transforms().isEmpty()) {
            return List.copyOf(wanted.values());
        }
        Map<String, Column> read = new LinkedHashMap<>();
        present.forEach(name -> read.put(name, wanted.getOrDefault(name, new Column(name, Column.Kind.OPTIONAL_JSON))));
        List<String> made = transforms(data, List.copyOf(read.values())).build().getFinalSchema().getColumnNames();
        wanted.forEach((name, column) -> {
            if (!made.contains(name)) {
                read.putIfAbsent(name, column);
            }
        });
        return List.copyOf(read.values());
    }
}

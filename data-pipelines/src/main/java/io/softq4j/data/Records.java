package io.softq4j.data;

import io.softq4j.common.UserError;
import io.softq4j.data.read.ReadOptions;
import io.softq4j.data.read.StandardInput;
import io.softq4j.data.render.Layout;
import io.softq4j.data.render.Renderer;
import io.softq4j.data.render.Shape;
import io.softq4j.data.row.Column;
import io.softq4j.data.row.Row;
import io.softq4j.data.step.StringWritable;
import io.softq4j.tokens.Tokenizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.datavec.api.transform.TransformProcess;
import org.datavec.api.writable.Writable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads a corpus for evaluation and generation: the same rows, columns and templates as preparation. Every row must be readable. */
public final class Records {

    private static final Logger LOG = LoggerFactory.getLogger(Records.class);

    /** What of a row is rendered beside its prompt. */
    private enum Wanted { NOTHING, ONE_RESPONSE, REFERENCES }

    private final DataConfig data;
    private final Tokenizer tokenizer;

    /**
     * @param data      as the model's training data were prepared
     * @param tokenizer the model's; null without a model, if the rows are no conversations
     */
    public Records(DataConfig data, Tokenizer tokenizer) {
        this.data = data;
        this.tokenizer = tokenizer;
    }

    /**
     * Prompts with a response each in the order of the rows, a row whose responses are a list of references once for each; close the stream. Rows are
     * read as they are asked for.
     *
     * @param files files, globs or directories
     * @throws io.softq4j.common.UserError if the file is missing or empty; while reading, a {@link io.softq4j.data.row.RowError} names the line
     */
    public Stream<RenderedRecord> read(List<String> files) {
        Sources sources = Sources.find(files, data, List.of());
        Row first = first(sources);
        return read(sources, first, Layout.of(data.effectiveShape(), data.columns(), first), data, Wanted.ONE_RESPONSE);
    }

    /**
     * Prompts in the order of the rows, which may have no response; {@link RenderedRecord#responses} is empty. The first row decides what the
     * files are taken for.
     *
     * @param files as for {@link #read}
     * @param limit how many at most; 0 for all
     * @throws io.softq4j.common.UserError if a file is missing or empty, a row cannot be read, or there is no prompt in the first
     */
    public Prompts prompts(List<String> files, int limit) {
        return prompts(files, Wanted.NOTHING, (all, found) -> {
            List<RenderedRecord> records = (limit == 0 ? all : all.limit(limit)).toList();
            LOG.info("{}: {} prompts, {}", names(files), records.size(), found.how());
            return new Prompts(records, found.data());
        });
    }

    /**
     * Different prompts, drawn, with all texts that would be right: those that the columns {@code references} name if a row has them, else its response.
     *
     * @param files as for {@link #read}
     * @param limit how many at most; 0 for all
     * @param seed  of the draw
     * @throws io.softq4j.common.UserError as {@link #prompts}; all rows are read
     */
    public DistinctPrompts distinctPrompts(List<String> files, int limit, long seed) {
        return prompts(files, Wanted.REFERENCES, (all, found) -> {
            DistinctPrompts.Draw draw = new DistinctPrompts.Draw(limit, seed);
            all.forEach(draw::add);
            List<DistinctPrompts.Item> items = draw.drawn();
            int references = items.stream().mapToInt(item -> item.references().size()).sum();
            if (references == 0 && !data.references().isEmpty()) {
                throw new UserError("data.references names " + data.references() + ", and no row of " + names(files) + " has a text there. Columns of the "
                        + "first row drawn: " + items.get(0).records().get(0).fields().keySet() + ". Correct the names, or leave data.references out.");
            }
            LOG.info("{}: {} different prompts of {} rows, {} references, {}", names(files), items.size(), draw.rows(), references, found.how());
            return new DistinctPrompts(items, found.data());
        });
    }

    private static String names(List<String> files) {
        return files.stream().map(StandardInput::name).collect(Collectors.joining(", "));
    }

    private <T> T prompts(List<String> files, Wanted wanted, BiFunction<Stream<RenderedRecord>, PromptLayout, T> use) {
        Sources sources = Sources.find(files, data, List.of());
        Row first = first(sources);
        PromptLayout found = PromptLayout.of(data, first, tokenizer);
        try (Stream<RenderedRecord> all = read(sources, first, found.layout(), found.data(), wanted)) {
            return use.apply(all, found);
        }
    }

    private Row first(Sources sources) {
        return sources.firstRow(new ReadOptions(data.sampleBy(), List.of()), OnError.FAIL);
    }

    private Stream<RenderedRecord> read(Sources sources, Row first, Layout layout, DataConfig settled, Wanted wanted) {
        Renderer renderer = Renderer.of(RenderSpecs.of(settled, layout, tokenizer));
        List<Column> needed = new ArrayList<>(wanted == Wanted.ONE_RESPONSE ? renderer.columns() : renderer.promptColumns());
        Set<String> answer = new LinkedHashSet<>();
        if (wanted == Wanted.REFERENCES) {
            renderer.columns().stream().filter(column -> !needed.contains(column)).forEach(column -> answer.add(column.name()));
            answer.forEach(name -> needed.add(new Column(name, Column.Kind.OPTIONAL_JSON)));
        }
        List<Column> columns = Pipeline.columns(settled, needed, first.columns());
        Rendered rendered = new Rendered(columns, Pipeline.transforms(settled, columns).build(), renderer, answer, layout.shape() == Shape.TEXT);
        Mixture rows = new Mixture(sources, new ReadOptions(settled.sampleBy(), columns), wanted == Wanted.ONE_RESPONSE && renderer.respondsWithReferences());
        AtomicLong index = new AtomicLong();
        Supplier<CorpusCursor.Read> next = () -> {
            CorpusCursor.Read read = next(rows);
            if (read == null && wanted == Wanted.REFERENCES && !rows.unknownReferences().isEmpty()) {
                throw References.unknown(rows.unknownReferences(), sources.paths(), rows.firstColumns());
            }
            return read;
        };
        return Stream.iterate(next.get(), read -> read != null, read -> next.get())
                .map(read -> rendered.record(read, index.getAndIncrement(), wanted)).onClose(rows::close);
    }

    private static CorpusCursor.Read next(Mixture rows) {
        CorpusCursor.Read read = rows.next();
        if (read != null && read.error() != null) {
            throw read.error();
        }
        return read;
    }

    /**
     * How rows are rendered.
     *
     * @param answer      columns that the response needs and the prompt does not
     * @param asksNothing whether all of a row is learned, so that nothing is an answer to it
     */
    private record Rendered(List<Column> columns, TransformProcess transforms, Renderer renderer, Set<String> answer, boolean asksNothing) {

        RenderedRecord record(CorpusCursor.Read read, long index, Wanted wanted) {
            Map<String, String> values = values(read.row());
            List<String> responses = switch (wanted) {
                case NOTHING -> List.of();
                case ONE_RESPONSE -> List.of(renderer.response(values));
                case REFERENCES -> references(read.row(), values);
            };
            return new RenderedRecord(renderer.promptSegments(values), responses, index, read.row().object(), read.where());
        }

        /** Each reference as the model would write it: where a response is made of one column, it stands there. */
        private List<String> references(Row row, Map<String, String> values) {
            Optional<List<String>> texts = References.in(row);
            if (texts.isPresent()) {
                return renderer.responseColumn().map(to -> References.each(row, to).stream().map(one -> renderer.response(values(one))).toList())
                        .orElse(texts.get());
            }
            if (answer.contains(References.COLUMN) && row.has(References.COLUMN)) {
                throw References.noTexts(row);
            }
            boolean answered = !asksNothing && answer.stream().allMatch(name -> row.value(name).map(value -> value.isValueNode() && !value.isNull()).orElse(true)
                    && !values.getOrDefault(name, "").isBlank());
            String response = answered ? renderer.response(values) : "";
            return response.isBlank() ? List.of() : List.of(response);
        }

        private Map<String, String> values(Row row) {
            List<Writable> values = new ArrayList<>();
            columns.forEach(column -> values.add(new StringWritable(column.of(row))));
            List<Writable> transformed = transforms.execute(values);
            Map<String, String> record = new HashMap<>();
            for (int i = 0; i < transformed.size(); i++) {
                record.put(transforms.getFinalSchema().getName(i), transformed.get(i).toString());
            }
            return record;
        }
    }
}

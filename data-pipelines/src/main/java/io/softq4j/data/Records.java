package io.softq4j.data;

import io.softq4j.data.read.ReadOptions;
import io.softq4j.data.read.StandardInput;
import io.softq4j.data.render.Layout;
import io.softq4j.data.render.Renderer;
import io.softq4j.data.row.Column;
import io.softq4j.data.row.Row;
import io.softq4j.data.step.StringWritable;
import io.softq4j.tokens.Tokenizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.datavec.api.transform.TransformProcess;
import org.datavec.api.writable.Writable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads a corpus for evaluation and generation: the same rows, columns and templates as preparation. Every row must be readable. */
public final class Records {

    private static final Logger LOG = LoggerFactory.getLogger(Records.class);

    private final DataConfig data;
    private final Tokenizer tokenizer;

    /**
     * @param data      as the model's training data were prepared
     * @param tokenizer the model's
     */
    public Records(DataConfig data, Tokenizer tokenizer) {
        this.data = data;
        this.tokenizer = tokenizer;
    }

    /**
     * Prompts and responses in the order of the rows; close the stream. Rows are read as they are asked for.
     *
     * @param files files, globs or directories
     * @throws io.softq4j.common.UserError if the file is missing or empty; while reading, a {@link io.softq4j.data.row.RowError} names the line
     */
    public Stream<RenderedRecord> read(List<String> files) {
        Sources sources = Sources.find(files, data, List.of());
        Row first = first(sources);
        return read(sources, first, Layout.of(data.effectiveShape(), data.columns(), first), data, true);
    }

    /**
     * Prompts in the order of the rows, which may have no response; {@link RenderedRecord#response} is null. The first row decides what the
     * files are taken for.
     *
     * @param files as for {@link #read}
     * @param limit how many at most; 0 for all
     * @throws io.softq4j.common.UserError if a file is missing or empty, a row cannot be read, or there is no prompt in the first
     */
    public Prompts prompts(List<String> files, int limit) {
        return prompts(files, (all, found) -> {
            List<RenderedRecord> records = (limit == 0 ? all : all.limit(limit)).toList();
            LOG.info("{}: {} prompts, {}", names(files), records.size(), found.how());
            return new Prompts(records, found.data());
        });
    }

    /**
     * Different prompts, drawn.
     *
     * @param files as for {@link #read}
     * @param limit how many at most; 0 for all
     * @param seed  of the draw
     * @throws io.softq4j.common.UserError as {@link #prompts}; all rows are read
     */
    public DistinctPrompts distinctPrompts(List<String> files, int limit, long seed) {
        return prompts(files, (all, found) -> {
            DistinctPrompts.Draw draw = new DistinctPrompts.Draw(limit, seed);
            all.forEach(draw::add);
            List<DistinctPrompts.Item> items = draw.drawn();
            LOG.info("{}: {} different prompts of {} rows, {}", names(files), items.size(), draw.rows(), found.how());
            return new DistinctPrompts(items, found.data());
        });
    }

    private static String names(List<String> files) {
        return files.stream().map(StandardInput::name).collect(Collectors.joining(", "));
    }

    private <T> T prompts(List<String> files, BiFunction<Stream<RenderedRecord>, PromptLayout, T> use) {
        Sources sources = Sources.find(files, data, List.of());
        Row first = first(sources);
        PromptLayout found = PromptLayout.of(data, first, tokenizer);
        try (Stream<RenderedRecord> all = read(sources, first, found.layout(), found.data(), false)) {
            return use.apply(all, found);
        }
    }

    private Row first(Sources sources) {
        return sources.firstRow(new ReadOptions(data.sampleBy(), List.of()), OnError.FAIL);
    }

    private Stream<RenderedRecord> read(Sources sources, Row first, Layout layout, DataConfig settled, boolean withResponse) {
        Renderer renderer = Renderer.of(RenderSpecs.of(settled, layout, tokenizer));
        List<Column> columns = Pipeline.columns(settled, withResponse ? renderer.columns() : renderer.promptColumns(), first.columns());
        TransformProcess transforms = Pipeline.transforms(settled, columns).build();
        Mixture rows = new Mixture(sources, new ReadOptions(settled.sampleBy(), columns));
        AtomicLong index = new AtomicLong();
        return Stream.iterate(next(rows), read -> read != null, read -> next(rows))
                .map(read -> render(read, index.getAndIncrement(), columns, transforms, renderer, withResponse)).onClose(rows::close);
    }

    private static CorpusCursor.Read next(Mixture rows) {
        CorpusCursor.Read read = rows.next();
        if (read != null && read.error() != null) {
            throw read.error();
        }
        return read;
    }

    private static RenderedRecord render(CorpusCursor.Read read, long index, List<Column> columns, TransformProcess transforms, Renderer renderer,
                                         boolean withResponse) {
        List<Writable> values = new ArrayList<>();
        columns.forEach(column -> values.add(new StringWritable(column.of(read.row()))));
        List<Writable> transformed = transforms.execute(values);
        Map<String, String> record = new HashMap<>();
        for (int i = 0; i < transformed.size(); i++) {
            record.put(transforms.getFinalSchema().getName(i), transformed.get(i).toString());
        }
        return new RenderedRecord(renderer.promptSegments(record), withResponse ? renderer.response(record) : null, index, read.row().object(),
                read.where());
    }
}

package io.softq4j.data;

import io.softq4j.data.read.ReadOptions;
import io.softq4j.data.render.Layout;
import io.softq4j.data.render.Renderer;
import io.softq4j.data.render.Shape;
import io.softq4j.data.row.Column;
import io.softq4j.data.row.Row;
import io.softq4j.data.step.StringWritable;
import io.softq4j.tokens.Tokenizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.datavec.api.transform.TransformProcess;
import org.datavec.api.writable.Writable;

/** Reads a corpus for evaluation and generation: the same rows, columns and templates as preparation. Every row must be readable. */
public final class Records {

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
        return read(files, true);
    }

    /** As {@link #read(List)} for rows that may have no response; {@link RenderedRecord#response} is null. */
    public Stream<RenderedRecord> prompts(List<String> files) {
        return read(files, false);
    }

    private Stream<RenderedRecord> read(List<String> specs, boolean withResponse) {
        Sources sources = Sources.find(specs, data, List.of());
        Row first = sources.firstRow(new ReadOptions(data.sampleBy(), List.of()), OnError.FAIL);
        Layout layout = withResponse ? Layout.of(data.effectiveShape(), data.columns(), first) : layoutOfPrompts(first);
        Renderer renderer = Renderer.of(RenderSpecs.of(data, layout, tokenizer));
        List<Column> columns = Pipeline.columns(data, withResponse ? renderer.columns() : renderer.promptColumns(), first.columns());
        TransformProcess transforms = Pipeline.transforms(data, columns).build();
        Mixture rows = new Mixture(sources, new ReadOptions(data.sampleBy(), columns));
        return Stream.iterate(next(rows), read -> read != null, read -> next(rows)).map(read -> render(read, columns, transforms, renderer, withResponse))
                .onClose(rows::close);
    }

    /** A file of prompts may lack the column of the response, so its shape is not looked for but known. */
    private Layout layoutOfPrompts(Row first) {
        return data.effectiveShape() == Shape.AUTO ? Layout.of(data.effectiveShape(), data.columns(), first)
                : new Layout(data.effectiveShape(), data.columns());
    }

    private static CorpusCursor.Read next(Mixture rows) {
        CorpusCursor.Read read = rows.next();
        if (read != null && read.error() != null) {
            throw read.error();
        }
        return read;
    }

    private static RenderedRecord render(CorpusCursor.Read read, List<Column> columns, TransformProcess transforms, Renderer renderer,
                                         boolean withResponse) {
        List<Writable> values = new ArrayList<>();
        columns.forEach(column -> values.add(new StringWritable(column.of(read.row()))));
        List<Writable> transformed = transforms.execute(values);
        Map<String, String> record = new HashMap<>();
        for (int i = 0; i < transformed.size(); i++) {
            record.put(transforms.getFinalSchema().getName(i), transformed.get(i).toString());
        }
        return new RenderedRecord(renderer.prompt(record), withResponse ? renderer.response(record) : null, read.row().allFields(), read.where());
    }
}

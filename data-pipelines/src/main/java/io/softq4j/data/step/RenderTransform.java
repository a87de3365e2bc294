package io.softq4j.data.step;

import io.softq4j.chat.TrainOn;
import io.softq4j.data.render.ChatSpec;
import io.softq4j.data.render.Layout;
import io.softq4j.data.render.RenderSpec;
import io.softq4j.data.render.Renderer;
import io.softq4j.data.render.Shape;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.datavec.api.transform.metadata.BinaryMetaData;
import org.datavec.api.transform.schema.Schema;
import org.datavec.api.writable.Writable;
import org.nd4j.shade.jackson.annotation.JsonIgnoreProperties;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * The columns of a row to one, {@code segments}: the rendered text, as {@link SegmentsWritable}. Where rows are split over parts there is a second,
 * {@code group}: rows that are equal in it belong together.
 */
@JsonIgnoreProperties("inputSchema")
public final class RenderTransform extends RowTransform {

    private static final long serialVersionUID = 1;

    /** The column it makes. */
    static final String SEGMENTS = "segments";
    private static final String GROUP = "group";

    private final Shape shape;
    private final Map<String, String> columns;
    private final String prompt;
    private final String response;
    private final TrainOn trainOn;
    private final String chatTemplate;
    private final String chatTemplateOrigin;
    private final Map<String, String> specialTokens;
    private final String endToken;
    private final String system;
    private final boolean grouped;
    private final String groupColumn;
    private transient Renderer renderer;

    /**
     * Describes the step; see {@link RenderSpec}. {@code chatTemplate} up to {@code system} are null without a chat template.
     *
     * @param grouped     whether there is a column {@code group}
     * @param groupColumn the column of the row it is taken from; null for {@link Renderer#question}
     */
    public RenderTransform(@JsonProperty("shape") Shape shape, @JsonProperty("columns") Map<String, String> columns,
                           @JsonProperty("prompt") String prompt, @JsonProperty("response") String response, @JsonProperty("trainOn") TrainOn trainOn,
                           @JsonProperty("chatTemplate") String chatTemplate, @JsonProperty("chatTemplateOrigin") String chatTemplateOrigin,
                           @JsonProperty("specialTokens") Map<String, String> specialTokens, @JsonProperty("endToken") String endToken,
                           @JsonProperty("system") String system, @JsonProperty("grouped") boolean grouped, @JsonProperty("groupColumn") String groupColumn) {
        this.shape = shape;
        this.columns = columns;
        this.prompt = prompt;
        this.response = response;
        this.trainOn = trainOn;
        this.chatTemplate = chatTemplate;
        this.chatTemplateOrigin = chatTemplateOrigin;
        this.specialTokens = specialTokens;
        this.endToken = endToken;
        this.system = system;
        this.grouped = grouped;
        this.groupColumn = groupColumn;
    }

    /** The step that renders as {@code spec} says. */
    public static RenderTransform of(RenderSpec spec) {
        return of(spec, false, null);
    }

    /** The same, which also groups the rows by a column, or by what they ask where {@code groupColumn} is null. */
    public static RenderTransform grouping(RenderSpec spec, String groupColumn) {
        return of(spec, true, groupColumn);
    }

    private static RenderTransform of(RenderSpec spec, boolean grouped, String groupColumn) {
        ChatSpec chat = spec.chat().orElse(null);
        return new RenderTransform(spec.layout().shape(), spec.layout().columns(), spec.prompt(), spec.response(), spec.trainOn(),
                chat == null ? null : chat.template(), chat == null ? null : chat.origin(), chat == null ? null : chat.specialTokens(),
                spec.endToken().orElse(null), chat == null ? null : chat.system().orElse(null), grouped, groupColumn);
    }

    private RenderSpec spec() {
        Optional<ChatSpec> chat = Optional.ofNullable(chatTemplate)
                .map(t -> new ChatSpec(t, chatTemplateOrigin, specialTokens, Optional.ofNullable(endToken), Optional.ofNullable(system)));
        return new RenderSpec(new Layout(shape, columns), prompt, response, chat, trainOn);
    }

    /** Reads the templates, so that the step can be used by several threads. */
    public Renderer bind() {
        if (renderer == null) {
            renderer = Renderer.of(spec());
        }
        return renderer;
    }

    @Override
    Schema outputSchema() {
        Schema.Builder columns = new Schema.Builder().addColumn(new BinaryMetaData(SEGMENTS));
        return (grouped ? columns.addColumnString(GROUP) : columns).build();
    }

    @Override
    public List<Writable> map(List<Writable> row) {
        Map<String, String> record = new HashMap<>();
        for (int i = 0; i < row.size(); i++) {
            record.put(inputSchema.getName(i), row.get(i).toString());
        }
        SegmentsWritable segments = new SegmentsWritable(bind().example(record));
        return grouped ? List.of(segments, new StringWritable(groupColumn == null ? bind().question(record) : record.get(groupColumn)))
                : List.of(segments);
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof RenderTransform t && spec().equals(t.spec()) && grouped == t.grouped && Objects.equals(groupColumn, t.groupColumn);
    }

    @Override
    public int hashCode() {
        return spec().hashCode();
    }

    @Override
    public String toString() {
        return "RenderTransform(" + shape.key() + (chatTemplate == null ? "" : ", chat template of " + chatTemplateOrigin) + ")";
    }
}

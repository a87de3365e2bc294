package io.softq4j.data.step;

import io.softq4j.common.Sha256;
import io.softq4j.common.UserError;
import io.softq4j.data.row.DropReason;
import io.softq4j.tokens.Example;
import io.softq4j.tokens.Rendering;
import io.softq4j.tokens.Segment;
import io.softq4j.tokens.Tokenizer;
import io.softq4j.tokens.huggingface.Tokenizers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.datavec.api.transform.metadata.BinaryMetaData;
import org.datavec.api.transform.schema.Schema;
import org.datavec.api.writable.IntWritable;
import org.datavec.api.writable.Writable;
import org.nd4j.shade.jackson.annotation.JsonIgnoreProperties;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * {@code segments} to {@code example}, token ids with response mask as {@link ExampleWritable}; {@code fate}, which is {@code kept},
 * {@code cut} or the key of a {@link DropReason}; and {@code tokens}, the length before anything was cut. The example of a dropped row is
 * empty. Further columns stay behind these.
 */
@JsonIgnoreProperties("inputSchema")
public final class TokenizeTransform extends RowTransform {

    private static final long serialVersionUID = 1;

    /** The fate of a row that is in the store as it was. */
    public static final String KEPT = "kept";
    /** The fate of a row that is in the store without its beginning or end. */
    public static final String CUT = "cut";
    private static final List<DropReason> DROPS = List.of(DropReason.EMPTY_RESPONSE, DropReason.END_TOKEN_IN_RESPONSE, DropReason.TOO_SHORT,
            DropReason.TOO_LONG, DropReason.PROMPT_TOO_LONG);

    private final String tokenizer;
    private final String tokenizerSha256;
    private final boolean chat;
    private final boolean allScored;
    private final String endToken;
    private final LengthPolicy length;
    private transient Tokenizer loaded;
    private transient Rendering rendering;
    private transient int endId;

    /**
     * Describes the step; the tokenizer is opened when the first row comes, unless {@link #bind} gave it.
     *
     * @param tokenizer       path of {@code tokenizer.json}; in the pipeline of a token store relative to the store
     * @param tokenizerSha256 of that file
     * @param chat            whether a chat template wrote the text, and with it the token that begins a text, if there is one
     * @param allScored       whether prompts are scored too, so that turns end within what is scored
     * @param endToken        what ends a response; null is the tokenizer's EOS
     * @param length          what becomes of examples that are too long or too short
     */
    public TokenizeTransform(@JsonProperty("tokenizer") String tokenizer, @JsonProperty("tokenizerSha256") String tokenizerSha256,
                             @JsonProperty("chat") boolean chat, @JsonProperty("allScored") boolean allScored,
                             @JsonProperty("endToken") String endToken, @JsonProperty("length") LengthPolicy length) {
        this.tokenizer = tokenizer;
        this.tokenizerSha256 = tokenizerSha256;
        this.chat = chat;
        this.allScored = allScored;
        this.endToken = endToken;
        this.length = length;
    }

    /**
     * Opens the tokenizer.
     *
     * @param base what a relative path is relative to
     * @throws UserError if the file is not the one the step was made with
     */
    public void bind(Path base) {
        Path file = base.resolve(tokenizer);
        requireSame(file);
        bind(Tokenizers.load(file));
    }

    private void requireSame(Path file) {
        String seen;
        try {
            seen = Sha256.of(file);
        } catch (IOException e) {
            throw new UserError("cannot read " + file + ": " + e.getMessage(), e);
        }
        if (!seen.equals(tokenizerSha256)) {
            throw new UserError(file + " is not the tokenizer of this pipeline: its SHA-256 is " + seen + ", expected " + tokenizerSha256);
        }
    }

    /** Takes the tokenizer the step was made with. */
    public void bind(Tokenizer opened) {
        loaded = opened;
        rendering = chat ? Rendering.ofChat(opened) : new Rendering(opened);
        endId = endToken == null ? opened.eosId() : opened.idOf(endToken).orElseThrow(() -> new UserError("the token \"" + endToken
                + "\" that ends a response is not in the tokenizer's vocabulary"));
    }

    @Override
    Schema outputSchema() {
        List<String> fates = Stream.concat(Stream.of(KEPT, CUT), DROPS.stream().map(DropReason::key)).toList();
        Schema.Builder columns = new Schema.Builder().addColumn(new BinaryMetaData("example")).addColumnCategorical("fate", fates)
                .addColumnInteger("tokens");
        for (int i = 1; inputSchema != null && i < inputSchema.numColumns(); i++) {
            columns.addColumn(inputSchema.getMetaData(i));
        }
        return columns.build();
    }

    @Override
    public List<Writable> map(List<Writable> row) {
        if (loaded == null) {
            bind(Path.of(""));
        }
        List<Writable> output = new ArrayList<>(tokenize(((SegmentsWritable) row.get(0)).segments()));
        output.addAll(row.subList(1, row.size()));
        return output;
    }

    private List<Writable> tokenize(List<Segment> segments) {
        boolean ends = endToken != null && segments.get(segments.size() - 1).text().endsWith(endToken);
        Example whole = rendering.example(segments, !ends);
        if (blank(segments)) {
            return dropped(DropReason.EMPTY_RESPONSE, whole);
        }
        if (!(chat && allScored) && endsEarly(whole)) {
            return dropped(DropReason.END_TOKEN_IN_RESPONSE, whole);
        }
        if (whole.length() < length.minLength()) {
            return dropped(DropReason.TOO_SHORT, whole);
        }
        if (whole.length() <= length.maxLength()) {
            return output(whole, KEPT, whole);
        }
        return switch (length.overLength()) {
            case FAIL -> throw new UserError("the row has " + whole.length() + " tokens, max_length is " + length.maxLength()
                    + ". Raise max_length, or set over_length to drop or truncate");
            case DROP -> dropped(DropReason.TOO_LONG, whole);
            case TRUNCATE -> {
                Example cut = length.cut(whole, loaded.bosId());
                yield cut.responseTokens() == 0 ? dropped(DropReason.PROMPT_TOO_LONG, whole) : output(cut, CUT, whole);
            }
        };
    }

    private boolean blank(List<Segment> segments) {
        for (Segment segment : segments) {
            if (segment.scored() && !(endToken == null ? segment.text() : segment.text().replace(endToken, "")).isBlank()) {
                return false;
            }
        }
        return true;
    }

    /** Whether the end token stands inside a response: everything behind it would be taught as what follows the end. */
    private boolean endsEarly(Example example) {
        for (int i = 0; i < example.length() - 1; i++) {
            if (example.response()[i] && example.response()[i + 1] && example.ids()[i] == endId) {
                return true;
            }
        }
        return false;
    }

    private static List<Writable> dropped(DropReason reason, Example whole) {
        return output(new Example(new int[0], new boolean[0]), reason.key(), whole);
    }

    private static List<Writable> output(Example example, String fate, Example whole) {
        return List.of(new ExampleWritable(example), new StringWritable(fate), new IntWritable(whole.length()));
    }

    /** The example of a row behind this step. */
    public static Example example(List<Writable> output) {
        return ((ExampleWritable) output.get(0)).example();
    }

    /** {@link #KEPT}, {@link #CUT} or the key of a {@link DropReason}. */
    public static String fate(List<Writable> output) {
        return output.get(1).toString();
    }

    /** Length before anything was cut. */
    public static int tokens(List<Writable> output) {
        return output.get(2).toInt();
    }

    /** Which store the example goes to. */
    public static Part part(List<Writable> output) {
        return output.size() < 4 ? Part.TRAIN : Part.of(output.get(3).toString());
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof TokenizeTransform t && tokenizer.equals(t.tokenizer) && tokenizerSha256.equals(t.tokenizerSha256) && chat == t.chat
                && allScored == t.allScored && Objects.equals(endToken, t.endToken) && length.equals(t.length);
    }

    @Override
    public int hashCode() {
        return Objects.hash(tokenizer, tokenizerSha256, chat, allScored, endToken, length);
    }

    @Override
    public String toString() {
        return "TokenizeTransform(" + tokenizer + ", " + length + ")";
    }
}

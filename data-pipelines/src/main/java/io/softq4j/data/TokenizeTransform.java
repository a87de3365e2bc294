package io.softq4j.data;

import io.softq4j.common.UserError;
import io.softq4j.tokens.Example;
import io.softq4j.tokens.Rendering;
import io.softq4j.tokens.Sha256;
import io.softq4j.tokens.Tokenizer;
import io.softq4j.tokens.Tokenizers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.datavec.api.transform.metadata.BinaryMetaData;
import org.datavec.api.transform.schema.Schema;
import org.datavec.api.writable.BytesWritable;
import org.datavec.api.writable.IntWritable;
import org.datavec.api.writable.Text;
import org.datavec.api.writable.Writable;
import org.nd4j.shade.jackson.annotation.JsonIgnoreProperties;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * {@code prompt} and {@code response} to {@code example}, token ids with response mask as {@link ExampleBytes}; {@code fate}, which is
 * {@code kept}, {@code cut} or the key of a {@link DropReason}; and {@code tokens}, the length before anything was cut. The example of
 * a dropped row is empty.
 */
@JsonIgnoreProperties("inputSchema")
public final class TokenizeTransform extends RowTransform {

    private static final long serialVersionUID = 1;

    static final String KEPT = "kept";
    static final String CUT = "cut";
    private static final List<DropReason> DROPS = List.of(DropReason.EMPTY_RESPONSE, DropReason.END_TOKEN_IN_RESPONSE, DropReason.TOO_LONG,
            DropReason.PROMPT_TOO_LONG);

    private final String tokenizer;
    private final String tokenizerSha256;
    private final int maxLength;
    private final OverLength overLength;
    private transient Tokenizer loaded;

    /**
     * Describes the step; the tokenizer is opened when the first row comes, unless {@link #bind} gave it.
     *
     * @param tokenizer       path of {@code tokenizer.json}; in the pipeline of a token store relative to the store
     * @param tokenizerSha256 of that file
     * @param maxLength       tokens of the longest example
     * @param overLength      what happens to a longer one
     */
    public TokenizeTransform(@JsonProperty("tokenizer") String tokenizer, @JsonProperty("tokenizerSha256") String tokenizerSha256,
                             @JsonProperty("maxLength") int maxLength, @JsonProperty("overLength") OverLength overLength) {
        this.tokenizer = tokenizer;
        this.tokenizerSha256 = tokenizerSha256;
        this.maxLength = maxLength;
        this.overLength = overLength;
    }

    /**
     * Opens the tokenizer.
     *
     * @param base what a relative path is relative to
     * @throws UserError if the file is not the one the step was made with
     */
    void bind(Path base) {
        Path file = base.resolve(tokenizer);
        Tokenizer opened = Tokenizers.load(file);
        String seen;
        try {
            seen = Sha256.of(file);
        } catch (IOException e) {
            throw new UserError("cannot read " + file + ": " + e.getMessage(), e);
        }
        if (!seen.equals(tokenizerSha256)) {
            throw new UserError(file + " is not the tokenizer of this pipeline: its SHA-256 is " + seen + ", expected " + tokenizerSha256);
        }
        loaded = opened;
    }

    @Override
    Schema outputSchema() {
        List<String> fates = Stream.concat(Stream.of(KEPT, CUT), DROPS.stream().map(DropReason::key)).toList();
        return new Schema.Builder().addColumn(new BinaryMetaData("example")).addColumnCategorical("fate", fates).addColumnInteger("tokens").build();
    }

    @Override
    public List<Writable> map(List<Writable> row) {
        if (loaded == null) {
            bind(Path.of(""));
        }
        String response = row.get(1).toString();
        Example whole = new Rendering(loaded).example(row.get(0).toString(), response);
        if (response.isBlank()) {
            return dropped(DropReason.EMPTY_RESPONSE, whole);
        }
        if (endsEarly(whole)) {
            return dropped(DropReason.END_TOKEN_IN_RESPONSE, whole);
        }
        if (whole.length() <= maxLength) {
            return output(whole, KEPT, whole);
        }
        return switch (overLength) {
            case FAIL -> throw new UserError("the row has " + whole.length() + " tokens, max_length is " + maxLength
                    + ". Raise max_length, or set over_length to drop or truncate");
            case DROP -> dropped(DropReason.TOO_LONG, whole);
            case TRUNCATE -> {
                Example cut = whole.cut(maxLength);
                yield cut.responseTokens() == 0 ? dropped(DropReason.PROMPT_TOO_LONG, whole) : output(cut, CUT, whole);
            }
        };
    }

    /** Whether EOS stands inside the response: everything behind it would be taught as what follows the end. */
    private boolean endsEarly(Example example) {
        for (int i = 0; i < example.length() - 1; i++) {
            if (example.response()[i] && example.ids()[i] == loaded.eosId()) {
                return true;
            }
        }
        return false;
    }

    private static List<Writable> dropped(DropReason reason, Example whole) {
        return output(new Example(new int[0], new boolean[0]), reason.key(), whole);
    }

    private static List<Writable> output(Example example, String fate, Example whole) {
        return List.of(ExampleBytes.write(example), new Text(fate), new IntWritable(whole.length()));
    }

    static Example example(List<Writable> output) {
        return ExampleBytes.read((BytesWritable) output.get(0));
    }

    static String fate(List<Writable> output) {
        return output.get(1).toString();
    }

    static int tokens(List<Writable> output) {
        return output.get(2).toInt();
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof TokenizeTransform t && tokenizer.equals(t.tokenizer) && tokenizerSha256.equals(t.tokenizerSha256)
                && maxLength == t.maxLength && overLength == t.overLength;
    }

    @Override
    public int hashCode() {
        return Objects.hash(tokenizer, tokenizerSha256, maxLength, overLength);
    }

    @Override
    public String toString() {
        return "TokenizeTransform(" + tokenizer + ", max_length " + maxLength + ", over_length " + overLength + ")";
    }
}

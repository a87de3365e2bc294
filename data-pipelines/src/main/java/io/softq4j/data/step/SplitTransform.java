package io.softq4j.data.step;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.datavec.api.transform.metadata.BinaryMetaData;
import org.datavec.api.transform.schema.Schema;
import org.datavec.api.writable.Writable;
import org.nd4j.shade.jackson.annotation.JsonIgnoreProperties;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Puts the column {@code split} in the place of {@code group}: {@code train}, {@code validation} or {@code test}, by a hash of the group alone, blanks
 * at its ends and the length of others aside. So a row stays on its side when others come, go or change places, and rows that belong together are
 * on the same side.
 */
@JsonIgnoreProperties("inputSchema")
public final class SplitTransform extends RowTransform {

    private static final long serialVersionUID = 1;

    /** The column it adds. */
    static final String SPLIT = "split";

    private static final Pattern BLANKS = Pattern.compile("\\s+");

    private final double validationFraction;
    private final double testFraction;

    /**
     * @param validationFraction share of the rows for validation, 0 to 1
     * @param testFraction       share of the rows for testing; both together below 1
     */
    public SplitTransform(@JsonProperty("validationFraction") double validationFraction, @JsonProperty("testFraction") double testFraction) {
        this.validationFraction = validationFraction;
        this.testFraction = testFraction;
    }

    @Override
    Schema outputSchema() {
        return new Schema.Builder().addColumn(new BinaryMetaData(RenderTransform.SEGMENTS))
                .addColumnCategorical(SPLIT, Part.keys()).build();
    }

    @Override
    public List<Writable> map(List<Writable> row) {
        String group = BLANKS.matcher(row.get(1).toString().strip()).replaceAll(" ");
        double at = (Hashes.of(group.getBytes(StandardCharsets.UTF_8), 0) >>> 11) * 0x1p-53;
        Part part = at < validationFraction ? Part.VALIDATION : at < validationFraction + testFraction ? Part.TEST : Part.TRAIN;
        return List.of(row.get(0), new StringWritable(part.key()));
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof SplitTransform t && validationFraction == t.validationFraction && testFraction == t.testFraction;
    }

    @Override
    public int hashCode() {
        return Objects.hash(validationFraction, testFraction);
    }

    @Override
    public String toString() {
        return "SplitTransform(validation " + validationFraction + ", test " + testFraction + ")";
    }
}

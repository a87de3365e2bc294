package io.softq4j.data.step;

import io.softq4j.data.row.DropReason;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.datavec.api.transform.schema.Schema;
import org.datavec.api.writable.Writable;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/** Leaves out rows by whether a regular expression is found anywhere in a column. DataVec's own condition matches whole texts only. */
public final class MatchingFilter extends RowFilter {

    private static final long serialVersionUID = 1;

    private final String column;
    private final String regex;
    private final boolean keep;
    private transient Pattern pattern;
    private transient int index;
    /** Whether any row had something in the column; only ever set to true, by any thread. */
    private transient volatile boolean seen;

    /**
     * @param column where to look
     * @param regex  what for, see {@link Pattern}
     * @param keep   true: rows without a match are left out; false: rows with one
     */
    public MatchingFilter(@JsonProperty("column") String column, @JsonProperty("regex") String regex, @JsonProperty("keep") boolean keep) {
        this.column = column;
        this.regex = regex;
        this.keep = keep;
    }

    @Override
    public void setInputSchema(Schema schema) {
        super.setInputSchema(schema);
        pattern = Pattern.compile(regex);
        index = schema.getIndexOfColumn(column);
    }

    @Override
    public DropReason reason() {
        return DropReason.FILTERED;
    }

    @Override
    public boolean removeExample(List<Writable> row) {
        String text = row.get(index).toString();
        seen |= !text.isEmpty();
        return pattern.matcher(text).find() != keep;
    }

    /** The column, if no row had anything in it. */
    public Optional<String> columnNeverSeen() {
        return seen ? Optional.empty() : Optional.of(column);
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof MatchingFilter f && column.equals(f.column) && regex.equals(f.regex) && keep == f.keep;
    }

    @Override
    public int hashCode() {
        return column.hashCode() + 31 * regex.hashCode();
    }

    @Override
    public String toString() {
        return (keep ? "keep_matching" : "drop_matching") + "." + column;
    }
}

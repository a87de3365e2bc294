package io.softq4j.data.step;

import java.util.List;
import org.datavec.api.writable.Writable;

/**
 * A filter that leaves out what it has seen before, so that the order of the rows counts. What it has to compute for a row is apart from what it
 * has to remember: the first can be done by several threads, the second is done row after row.
 *
 * @param <S> what it knows a row by
 */
public abstract class DuplicateFilter<S> extends RowFilter {

    private static final long serialVersionUID = 1;

    /** What {@code row} is known by; depends on the row alone. */
    public abstract S signature(List<Writable> row);

    /** Whether such a row came before; if not, it has now. */
    public abstract boolean seen(S signature);

    /** Forgets all rows. */
    public abstract void forget();

    @Override
    public final boolean removeExample(List<Writable> row) {
        return seen(signature(row));
    }
}

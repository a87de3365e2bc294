package io.softq4j.data.step;

import io.softq4j.data.row.DropReason;
import java.util.List;
import org.datavec.api.transform.filter.Filter;
import org.datavec.api.transform.schema.Schema;
import org.datavec.api.writable.Writable;
import org.nd4j.shade.jackson.annotation.JsonIgnoreProperties;

/** A DataVec filter over the whole row, which names why it leaves one out. */
@JsonIgnoreProperties("inputSchema")
public abstract class RowFilter implements Filter {

    private static final long serialVersionUID = 1;

    /** {@code segments} is the first column. */
    private transient Schema inputSchema;

    /** Why it leaves rows out. */
    public abstract DropReason reason();

    @Override
    public boolean removeExample(Object row) {
        throw new UnsupportedOperationException(getClass().getSimpleName() + " filters rows, not single values");
    }

    @Override
    public boolean removeSequence(Object sequence) {
        throw new UnsupportedOperationException(getClass().getSimpleName() + " filters rows, not sequences");
    }

    @Override
    public boolean removeSequence(List<List<Writable>> sequence) {
        throw new UnsupportedOperationException(getClass().getSimpleName() + " filters rows, not sequences");
    }

    @Override
    public Schema transform(Schema input) {
        return input;
    }

    @Override
    public void setInputSchema(Schema schema) {
        inputSchema = schema;
    }

    @Override
    public Schema getInputSchema() {
        return inputSchema;
    }

    @Override
    public String[] columnNames() {
        return inputSchema.getColumnNames().toArray(new String[0]);
    }

    @Override
    public String columnName() {
        return columnNames()[0];
    }

    @Override
    public String[] outputColumnNames() {
        return columnNames();
    }

    @Override
    public String outputColumnName() {
        return columnName();
    }
}

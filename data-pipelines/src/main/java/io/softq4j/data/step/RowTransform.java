package io.softq4j.data.step;

import org.datavec.api.transform.schema.Schema;
import org.datavec.api.transform.transform.BaseTransform;

/** A DataVec transform that takes all columns of a row and gives others in their place. */
abstract class RowTransform extends BaseTransform {

    private static final long serialVersionUID = 1;

    /** The columns after the transform. */
    abstract Schema outputSchema();

    @Override
    public Schema transform(Schema input) {
        return outputSchema();
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
        return outputSchema().getColumnNames().toArray(new String[0]);
    }

    @Override
    public String outputColumnName() {
        return outputColumnNames()[0];
    }

    @Override
    public Object map(Object input) {
        throw new UnsupportedOperationException(getClass().getSimpleName() + " transforms rows, not single values");
    }

    @Override
    public Object mapSequence(Object sequence) {
        throw new UnsupportedOperationException(getClass().getSimpleName() + " transforms rows, not sequences");
    }

    // Lombok's equality in BaseTransform compares the schema of the input, which is not part of what the transform does

    @Override
    public abstract boolean equals(Object other);

    @Override
    public abstract int hashCode();
}

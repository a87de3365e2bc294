package io.softq4j.data;

import java.util.ArrayList;
import java.util.List;
import org.datavec.api.transform.Transform;
import org.datavec.api.transform.schema.Schema;
import org.datavec.api.writable.Text;
import org.datavec.api.writable.Writable;
import org.nd4j.shade.jackson.annotation.JsonIgnoreProperties;

/** A transform as a user writes it: adds the column {@code doubled}, the answer twice. */
@JsonIgnoreProperties("inputSchema")
public final class Doubled implements Transform {

    private static final long serialVersionUID = 1;

    private transient Schema schema;

    @Override
    public Schema transform(Schema input) {
        Schema.Builder columns = new Schema.Builder();
        input.getColumnMetaData().forEach(columns::addColumn);
        return columns.addColumnString("doubled").build();
    }

    @Override
    public List<Writable> map(List<Writable> row) {
        List<Writable> more = new ArrayList<>(row);
        String answer = row.get(schema.getIndexOfColumn("answer")).toString();
        more.add(new Text(answer + answer));
        return more;
    }

    @Override
    public void setInputSchema(Schema input) {
        schema = input;
    }

    @Override
    public Schema getInputSchema() {
        return schema;
    }

    @Override
    public List<List<Writable>> mapSequence(List<List<Writable>> sequence) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Object map(Object input) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Object mapSequence(Object sequence) {
        throw new UnsupportedOperationException();
    }

    @Override
    public String outputColumnName() {
        return "doubled";
    }

    @Override
    public String[] outputColumnNames() {
        return new String[] {"doubled"};
    }

    @Override
    public String[] columnNames() {
        return new String[] {"answer"};
    }

    @Override
    public String columnName() {
        return "answer";
    }
}

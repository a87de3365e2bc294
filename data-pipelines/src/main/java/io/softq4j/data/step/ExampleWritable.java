package io.softq4j.data.step;

import io.softq4j.tokens.Example;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.datavec.api.writable.WritableType;

/**
 * An {@link Example}. Its bytes: n, int32, then n ids, int32, then n mask bytes, 1 where scored. An {@code NDArrayWritable} would cost off-heap
 * memory and ten microseconds a row.
 */
public final class ExampleWritable extends ObjectWritable {

    private static final long serialVersionUID = 1;

    private transient Example example;

    /** Empty, for {@link #readFields}. */
    public ExampleWritable() {
        this(new Example(new int[0], new boolean[0]));
    }

    public ExampleWritable(Example example) {
        this.example = example;
    }

    public Example example() {
        return example;
    }

    @Override
    public void write(DataOutput out) throws IOException {
        out.writeInt(example.length());
        for (int id : example.ids()) {
            out.writeInt(id);
        }
        for (boolean scored : example.response()) {
            out.writeBoolean(scored);
        }
    }

    @Override
    public void readFields(DataInput in) throws IOException {
        int[] ids = new int[in.readInt()];
        boolean[] response = new boolean[ids.length];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = in.readInt();
        }
        for (int i = 0; i < ids.length; i++) {
            response[i] = in.readBoolean();
        }
        example = new Example(ids, response);
    }

    @Override
    public void writeType(DataOutput out) throws IOException {
        out.writeShort(WritableType.Bytes.typeIdx());
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof ExampleWritable other && example.equals(other.example);
    }

    @Override
    public int hashCode() {
        return example.hashCode();
    }

    @Override
    public String toString() {
        return example.toString();
    }
}

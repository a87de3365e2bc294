package io.softq4j.data.step;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.datavec.api.writable.WritableType;

/** Text as a Java string; DataVec's own {@code Text} turns each into UTF-8 and back. Its bytes: length, int32, and UTF-8. */
public final class StringWritable extends ObjectWritable {

    private static final long serialVersionUID = 1;

    private transient String text;

    /** Empty, for {@link #readFields}. */
    public StringWritable() {
        this("");
    }

    public StringWritable(String text) {
        this.text = text;
    }

    @Override
    public void write(DataOutput out) throws IOException {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(utf8.length);
        out.write(utf8);
    }

    @Override
    public void readFields(DataInput in) throws IOException {
        byte[] utf8 = new byte[in.readInt()];
        in.readFully(utf8);
        text = new String(utf8, StandardCharsets.UTF_8);
    }

    @Override
    public void writeType(DataOutput out) throws IOException {
        out.writeShort(WritableType.Text.typeIdx());
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof StringWritable other && text.equals(other.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}

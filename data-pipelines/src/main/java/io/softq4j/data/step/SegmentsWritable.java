package io.softq4j.data.step;

import io.softq4j.tokens.Segment;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.datavec.api.writable.Writable;
import org.datavec.api.writable.WritableType;

/** The rendered text of an example. Its bytes: how many segments, int32, then for each whether it is scored and
 * whether it answers, a byte each, and its UTF-8 with length. */
public final class SegmentsWritable extends ObjectWritable {

    private static final long serialVersionUID = 1;

    private transient List<Segment> segments;

    /** Empty, for {@link #readFields}. */
    public SegmentsWritable() {
        this(List.of());
    }

    public SegmentsWritable(List<Segment> segments) {
        this.segments = List.copyOf(segments);
    }

    public List<Segment> segments() {
        return segments;
    }

    /** All of it, as one text. */
    public String text() {
        return segments.stream().map(Segment::text).collect(Collectors.joining());
    }

    @Override
    public void write(DataOutput out) throws IOException {
        out.writeInt(segments.size());
        for (Segment segment : segments) {
            byte[] utf8 = segment.text().getBytes(StandardCharsets.UTF_8);
            out.writeBoolean(segment.scored());
            out.writeBoolean(segment.answers());
            out.writeInt(utf8.length);
            out.write(utf8);
        }
    }

    @Override
    public void readFields(DataInput in) throws IOException {
        List<Segment> read = new ArrayList<>();
        for (int n = in.readInt(); n > 0; n--) {
            boolean scored = in.readBoolean();
            boolean answers = in.readBoolean();
            byte[] utf8 = new byte[in.readInt()];
            in.readFully(utf8);
            read.add(new Segment(new String(utf8, StandardCharsets.UTF_8), scored, answers));
        }
        segments = List.copyOf(read);
    }

    @Override
    public void writeType(DataOutput out) throws IOException {
        out.writeShort(WritableType.Bytes.typeIdx());
    }

    static List<Segment> of(Writable value) {
        return ((SegmentsWritable) value).segments;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof SegmentsWritable other && segments.equals(other.segments);
    }

    @Override
    public int hashCode() {
        return segments.hashCode();
    }

    @Override
    public String toString() {
        return text();
    }
}

package io.softq4j.data.step;

import io.softq4j.data.row.DropReason;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.datavec.api.writable.Writable;

/** Leaves out a row whose rendered text came before, to the letter. It remembers 128 bits of a row kept, about 80 bytes of memory. */
public final class ExactDuplicates extends DuplicateFilter<ExactDuplicates.Key> {

    private static final long serialVersionUID = 1;

    /** Two hashes of a text, of different members of their family. */
    public record Key(long first, long second) {
    }

    private final transient Set<Key> seen = new HashSet<>();

    @Override
    public DropReason reason() {
        return DropReason.DUPLICATE;
    }

    @Override
    public Key signature(List<Writable> row) {
        byte[] text = ((SegmentsWritable) row.get(0)).text().getBytes(StandardCharsets.UTF_8);
        return new Key(Hashes.of(text, 1), Hashes.of(text, 2));
    }

    @Override
    public boolean seen(Key key) {
        return !seen.add(key);
    }

    @Override
    public void forget() {
        seen.clear();
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof ExactDuplicates;
    }

    @Override
    public int hashCode() {
        return 1;
    }

    @Override
    public String toString() {
        return "ExactDuplicates";
    }
}

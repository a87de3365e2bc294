package io.softq4j.model;

import io.softq4j.common.UserError;
import java.util.Comparator;
import java.util.List;

/**
 * A part of a model's parameters with the keys that make it as large as it is: known by arithmetic, before a graph is built.
 *
 * @param what    such as {@code the table of positions}
 * @param keys    with their values, such as {@code n_positions 1024, n_embd 768}
 * @param scalars of all its tensors
 * @param largest scalars of its largest tensor
 */
public record ModelPart(String what, String keys, long scalars, long largest) {

    /** Bytes that one tensor may take. */
    private static final long MOST_BYTES = Integer.MAX_VALUE;

    /** A part of one or two tables. */
    static ModelPart tables(String what, String keys, int count, long rows, long width) {
        long each = Math.multiplyExact(rows, width);
        return new ModelPart(what, keys, Math.multiplyExact(each, (long) count), each);
    }

    /** The part of a model that is larger than any other. */
    public static ModelPart largest(List<ModelPart> parts) {
        return parts.stream().max(Comparator.comparingLong(ModelPart::scalars)).orElseThrow();
    }

    /**
     * Checks that every tensor of a model can be allocated as float32.
     *
     * @throws UserError if one is too large, with the keys that make it so
     */
    public static void requireAddressable(ModelConfig config) {
        for (ModelPart part : config.parts()) {
            long bytes = Math.multiplyExact(part.largest, (long) Float.BYTES);
            if (bytes > MOST_BYTES) {
                throw new UserError("a tensor of " + part.what + " takes " + bytes + " bytes as float32 (" + part.keys
                        + "); one tensor may take at most "
                        + MOST_BYTES + ". Choose a smaller size.");
            }
        }
    }
}

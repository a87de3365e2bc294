package io.softq4j.generation;

import io.softq4j.common.UserError;
import io.softq4j.graph.machine.Memory;

/** How many sequences may be decoded side by side: what is kept of them lies in arrays that a view must cover. */
final class RowLimit {

    private RowLimit() {
    }

    /**
     * Looks whether an array of float32 can be made.
     *
     * @param what     the array, for the message
     * @param rows     sequences side by side
     * @param width    elements of each position
     * @param capacity positions of each row
     * @throws UserError if it is larger than {@link Memory#MAX_VIEW_BYTES}, with the number of rows that are not too many
     */
    static void require(String what, int rows, long width, int capacity) {
        long row = Math.multiplyExact(Math.multiplyExact(width, (long) capacity), (long) Float.BYTES);
        long most = Memory.MAX_VIEW_BYTES / row;
        if (rows <= most) {
            return;
        }
        String problem = what + " for " + rows + " sequences side by side, of " + capacity + " positions each, would have " + rows + " x "
                + row
                + " bytes; an array may have " + Memory.MAX_VIEW_BYTES + ". ";
        throw new UserError(problem + (most > 0
                ? "Set generation.batch_size, and generation.num_beams if it is more, to " + most
                + " at most, or lower generation.max_new_tokens."
                : "Not even one fits: lower generation.max_new_tokens, or shorten the prompts."));
    }
}

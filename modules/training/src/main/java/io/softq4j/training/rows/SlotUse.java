package io.softq4j.training.rows;

import java.util.Locale;
import java.util.Optional;

/** How many slots of one epoch hold a token. A slot is a position of a row, padding included; each costs the same time. */
public sealed interface SlotUse permits SlotUse.Packed, SlotUse.Padded {

    /** Slots that hold a token, by all slots. */
    double used();

    /**
     * Of packed rows; of any epoch.
     *
     * @param examples number of examples
     * @param rows     number of rows
     * @param length   slots of a row
     * @param tokens   slots that hold a token
     */
    record Packed(long examples, long rows, int length, long tokens) implements SlotUse {

        @Override
        public double used() {
            return (double) tokens / rows / length;
        }

        /** Such as {@code packed 7,473 examples into 1,912 rows of 1,024 tokens: 98.1 % of the slots used}. */
        @Override
        public String toString() {
            return String.format(Locale.ROOT, "packed %,d examples into %,d rows of %,d tokens: %.1f %% of the slots used", examples, rows, length,
                    100 * used());
        }
    }

    /**
     * Of rows of one example, in the micro-batches of the first epoch; another epoch has other batches and nearly the same use.
     *
     * @param tokens slots that hold a token
     * @param slots  of all micro-batches: rows times length of each
     * @param packed what packing would use; empty where the model's examples cannot be packed
     */
    record Padded(long tokens, long slots, Optional<Packed> packed) implements SlotUse {

        @Override
        public double used() {
            return (double) tokens / slots;
        }

        /** Such as {@code 43.2 % of the slots hold tokens (rows padded to the longest of their batch); packing would use 98.1 %}. */
        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%.1f %% of the slots hold tokens (rows padded to the longest of their batch)%s", 100 * used(),
                    packed.map(p -> String.format(Locale.ROOT, "; packing would use %.1f %%", 100 * p.used())).orElse(""));
        }
    }
}

package io.softq4j.config;

import io.softq4j.common.Key;
import io.softq4j.common.Keys;
import io.softq4j.common.Range;

/**
 * An entry of a list with its weight, {@code {path: a.jsonl, weight: 3}}, as a configuration has it. Its weight is checked by
 * {@link #check()}, which names the key within the list, and not where the record is made.
 */
record WeightedEntry(
        @Key(value = "the entry itself", allowed = "what the list may hold")
        String path,
        @Key("how often the entry takes its turn, relative to the others")
        @Range(above = 0)
        double weight) {

    /** What an entry has that does not say it. */
    static final WeightedEntry DEFAULTS = new WeightedEntry("", 1);

    private static final Keys KEYS = Keys.of(WeightedEntry.class);

    /** @throws io.softq4j.common.UserError if the weight is outside of its range */
    void check() {
        KEYS.check("weight", weight);
    }
}

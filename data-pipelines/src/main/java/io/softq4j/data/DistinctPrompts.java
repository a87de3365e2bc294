package io.softq4j.data;

import io.softq4j.common.Streams;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Different prompts, each with all rows that have it: a corpus with several answers to a question asks it once, and knows them all.
 *
 * @param items in the order of their first rows
 * @param data  as that of {@link Prompts}
 */
public record DistinctPrompts(List<Item> items, DataConfig data) {

    /**
     * A prompt.
     *
     * @param prompt  rendered
     * @param records the rows that have it, at least one
     * @param numbers of these rows in the corpus, from 1
     */
    public record Item(String prompt, List<RenderedRecord> records, List<Long> numbers) {

        /** The texts that would be right by all of its rows, in their order and as often as they stand there. */
        public List<String> references() {
            return records.stream().flatMap(row -> row.responses().stream()).toList();
        }
    }

    public DistinctPrompts {
        items = List.copyOf(items);
    }

    /** Each prompt once, to be continued. */
    public Prompts prompts() {
        return new Prompts(items.stream().map(item -> item.records().get(0)).toList(), data);
    }

    /**
     * Draws prompts while rows go by, without holding more than it has drawn: each prompt has a number that follows from the seed and its text alone,
     * and those with the smallest are kept. So another order of the rows draws the same, and a larger draw holds the smaller one.
     */
    static final class Draw {

        private record Ticket(long number, String prompt) {
        }

        private final int limit;
        private final long seed;
        private final Map<String, Item> kept = new HashMap<>();
        private final TreeSet<Ticket> tickets = new TreeSet<>(Comparator.comparingLong(Ticket::number).thenComparing(Ticket::prompt));
        private long rows;

        /** @param limit how many; 0 for all */
        Draw(int limit, long seed) {
            this.limit = limit;
            this.seed = seed;
        }

        void add(RenderedRecord row) {
            rows++;
            String prompt = row.prompt();
            Item item = kept.get(prompt);
            if (item == null) {
                item = new Item(prompt, new ArrayList<>(), new ArrayList<>());
                kept.put(prompt, item);
                tickets.add(new Ticket(Streams.seed("a prompt is drawn: " + prompt, seed), prompt));
            }
            item.records().add(row);
            item.numbers().add(rows);
            if (limit > 0 && tickets.size() > limit) {
                kept.remove(tickets.pollLast().prompt());
            }
        }

        long rows() {
            return rows;
        }

        List<Item> drawn() {
            return kept.values().stream().sorted(Comparator.comparingLong(item -> item.numbers().get(0))).toList();
        }
    }
}

package io.softq4j.training.rows;

import io.softq4j.common.StoppingStrategy;
import io.softq4j.common.Streams;
import io.softq4j.common.Turns;
import io.softq4j.common.UserError;
import io.softq4j.objective.Batch;
import io.softq4j.tokens.Example;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * The steps of a run on several stores, whose rows take turns by weight ({@link Turns}). A function of seed and step: where a run is resumed, the
 * turns before it are counted again, which takes seconds for a billion rows.
 *
 * <p>Each store is one endless sequence of rows: all of them once, in an order of its own, then all again in another. Rows are packed within their
 * store. Every step is full, and an epoch is only a number of steps: those by whose end the first store ({@code first_exhausted}), or every store
 * ({@code all_exhausted}), has had each of its rows. Nothing begins again with it, so no row of a store is passed over.
 */
public final class Interleaved implements StepSource {

    /** More rows in an epoch come from a weight that was not meant. */
    private static final double MOST_ROWS = 1e9;

    /** Of so many steps the slots are counted. */
    private static final long COUNTED_STEPS = 100_000;

    private static final int NAMED = 5;

    /**
     * What takes part.
     *
     * @param name     how messages call it
     * @param weight   how often its turn comes, relative to the others
     * @param examples what it holds
     */
    public record Store(String name, double weight, ExampleSource examples) {

        /** @throws UserError if the weight is not above 0 */
        public Store {
            if (!(weight > 0) || Double.isInfinite(weight)) {
                throw new UserError(name + " has the weight " + weight + "; a weight is a number above 0, relative to the others. Leave the data out if "
                        + "nothing is to be learned from them.");
            }
        }
    }

    /** A store in rows. */
    private record Part(Store store, ExampleRows rows, DataOrder order) {

        /** What an error calls the first example of its {@code n}th row. */
        String first(long n) {
            return rows.layout().examples(order.step(n)[0])[0] + " of " + store.name();
        }
    }

    /** Whose turn each row of a step is, and how many rows the part has had before. */
    private record Turn(int part, long before) {
    }

    private final List<Part> parts;
    private final Collator collator;
    private final RowSettings settings;
    private final long stepsPerEpoch;
    private final DataSummary summary;
    private final List<String> warnings;
    private Place place;

    /** Where the turns are: what any step can be reached from that is not before. */
    private final class Place {

        private final Turns turns = new Turns(weights());
        private final long[] taken = new long[parts.size()];
        private long made;

        Turn next() {
            int part = turns.next();
            made++;
            return new Turn(part, taken[part]++);
        }

        Place after(long rows) {
            while (made < rows) {
                next();
            }
            return this;
        }
    }

    private Interleaved(List<Part> parts, List<DataScan> scans, StoppingStrategy end, Collator collator, RowSettings settings) {
        this.parts = parts;
        this.collator = collator;
        this.settings = settings;
        this.place = new Place();
        this.stepsPerEpoch = stepsPerEpoch(end);
        this.summary = summary(scans);
        this.warnings = warnings(scans);
    }

    /**
     * Reads every example once.
     *
     * @param end when an epoch ends
     * @throws UserError if a store has nothing to learn from, or an epoch would have more than a billion rows
     */
    public static Interleaved of(List<Store> stores, StoppingStrategy end, Collator collator, RowSettings settings) {
        List<Part> parts = new ArrayList<>();
        List<DataScan> scans = new ArrayList<>();
        for (Store store : stores) {
            DataScan scan = DataScan.of(store.examples(), collator, "training data " + store.name());
            ExampleRows rows = scan.rows(store.examples(), settings);
            long seed = Streams.seed("order of a store", settings.seed(), parts.size());
            parts.add(new Part(store, rows, new DataOrder(rows.size(), 1, seed)));
            scans.add(scan);
        }
        return new Interleaved(parts, scans, end, collator, settings);
    }

    private List<Double> weights() {
        return parts.stream().map(part -> part.store().weight()).toList();
    }

    private long stepsPerEpoch(StoppingStrategy end) {
        requireEnd(end);
        Place at = new Place();
        int exhausted = 0;
        while (exhausted < (end == StoppingStrategy.FIRST_EXHAUSTED ? 1 : parts.size())) {
            Turn turn = at.next();
            exhausted += turn.before() + 1 == parts.get(turn.part()).rows().size() ? 1 : 0;
        }
        return (at.made + settings.rowsPerStep() - 1) / settings.rowsPerStep();
    }

    private void requireEnd(StoppingStrategy end) {
        Turns turns = new Turns(weights());
        Part last = null;
        double epoch = end == StoppingStrategy.FIRST_EXHAUSTED ? Double.POSITIVE_INFINITY : 0;
        for (int i = 0; i < parts.size(); i++) {
            double rows = parts.get(i).rows().size() / turns.share(i);
            if (end == StoppingStrategy.FIRST_EXHAUSTED ? rows < epoch : rows > epoch) {
                epoch = rows;
                last = parts.get(i);
            }
        }
        if (epoch > MOST_ROWS) {
            throw new UserError(String.format(Locale.ROOT, "an epoch would have %.3g rows, %.0g at most: %s has %,d rows and the weight %s. Raise its "
                    + "weight, leave it out, or set data.stopping_strategy=first_exhausted.", epoch, MOST_ROWS, last.store().name(), last.rows().size(),
                    last.store().weight()));
        }
    }

    @Override
    public List<Batch> step(long step) {
        List<Turn> turns = turns(step);
        Turn first = turns.get(0);
        return collator.step(step, turns.size(), settings.rowsPerMicroBatch(), i -> row(turns.get(i)),
                parts.get(first.part()).first(first.before()));
    }

    private List<Turn> turns(long step) {
        long before = Math.multiplyExact(step, settings.rowsPerStep());
        place = (before < place.made ? new Place() : place).after(before);
        List<Turn> turns = new ArrayList<>();
        for (int i = 0; i < settings.rowsPerStep(); i++) {
            turns.add(place.next());
        }
        return turns;
    }

    private List<Example> row(Turn turn) {
        Part part = parts.get(turn.part());
        return part.rows().get(part.order().step(turn.before())[0]);
    }

    @Override
    public LongStream reads(long step) {
        long[] before = new long[parts.size()];    // examples of the stores before each
        for (int i = 1; i < before.length; i++) {
            before[i] = before[i - 1] + parts.get(i - 1).store().examples().size();
        }
        return turns(step).stream().flatMapToLong(turn -> {
            Part part = parts.get(turn.part());
            return Arrays.stream(part.rows().layout().examples(part.order().step(turn.before())[0])).map(i -> before[turn.part()] + i);
        });
    }

    @Override
    public long stepsPerEpoch() {
        return stepsPerEpoch;
    }

    /** Of all stores, one after the other: example 0 of the second has the index that the first has examples. */
    @Override
    public DataSummary summary() {
        return summary;
    }

    @Override
    public List<String> warnings() {
        return warnings;
    }

    @Override
    public List<String> seen(long steps) {
        Place end = new Place().after(Math.multiplyExact(steps, settings.rowsPerStep()));
        List<String> seen = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            long rows = parts.get(i).rows().size();
            seen.add(String.format(Locale.ROOT, "%s: weight %s, %,d of %,d rows (%.1f %%), its %,d rows %.2f times", parts.get(i).store().name(),
                    parts.get(i).store().weight(), end.taken[i], end.made, end.made == 0 ? 0 : 100.0 * end.taken[i] / end.made, rows,
                    (double) end.taken[i] / rows));
        }
        return seen;
    }

    private List<String> warnings(List<DataScan> scans) {
        List<String> warnings = new ArrayList<>();
        for (int i = 0; i < scans.size(); i++) {
            String name = parts.get(i).store().name();
            scans.get(i).summary(summary.slots()).warnings(collator.maxLength(), collator.eosId()).forEach(text -> warnings.add(name + ": " + text));
        }
        return List.copyOf(warnings);
    }

    private DataSummary summary(List<DataScan> scans) {
        long examples = 0;
        long tokens = 0;
        long scored = 0;
        long complete = 0;
        long cut = 0;
        long unscored = 0;
        List<Long> firstCut = new ArrayList<>();
        List<Long> firstUnscored = new ArrayList<>();
        for (DataScan scan : scans) {
            long before = examples;
            scan.firstCut().stream().map(i -> before + i).limit(NAMED - firstCut.size()).forEach(firstCut::add);
            scan.firstUnscored().stream().map(i -> before + i).limit(NAMED - firstUnscored.size()).forEach(firstUnscored::add);
            examples += scan.lengths().length;
            tokens += scan.tokens();
            scored += scan.scored();
            complete += scan.complete();
            cut += scan.cut();
            unscored += scan.unscored();
        }
        return new DataSummary(examples, tokens, scored, complete, cut, firstCut, unscored, firstUnscored, slots(scans));
    }

    private SlotUse slots(List<DataScan> scans) {
        if (settings.packing()) {
            List<SlotUse.Packed> each = new ArrayList<>();
            for (int i = 0; i < scans.size(); i++) {
                each.add(scans.get(i).packed(parts.get(i).rows().size(), settings));
            }
            return packed(each);
        }
        Place at = new Place();
        long tokens = 0;
        long slots = 0;
        for (long step = 0; step < Math.min(stepsPerEpoch, COUNTED_STEPS); step++) {
            for (int from = 0; from < settings.rowsPerStep(); from += settings.rowsPerMicroBatch()) {
                int rows = Math.min(settings.rowsPerMicroBatch(), settings.rowsPerStep() - from);
                int longest = 0;
                for (int i = 0; i < rows; i++) {
                    Turn turn = at.next();
                    int length = scans.get(turn.part()).lengths()[(int) parts.get(turn.part()).order().step(turn.before())[0]];
                    tokens += length;
                    longest = Math.max(longest, length);
                }
                slots += (long) rows * collator.rowLength(longest);
            }
        }
        List<SlotUse.Packed> packed = scans.stream().flatMap(scan -> scan.ifPacked(collator, settings).stream()).toList();
        return new SlotUse.Padded(tokens, slots, packed.isEmpty() ? Optional.empty() : Optional.of(packed(packed)));
    }

    /** Of all stores, each once. */
    private SlotUse.Packed packed(List<SlotUse.Packed> each) {
        return new SlotUse.Packed(each.stream().mapToLong(SlotUse.Packed::examples).sum(), each.stream().mapToLong(SlotUse.Packed::rows).sum(),
                settings.maxLength(), each.stream().mapToLong(SlotUse.Packed::tokens).sum());
    }
}

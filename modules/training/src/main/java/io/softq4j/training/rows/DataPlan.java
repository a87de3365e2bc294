package io.softq4j.training.rows;

import io.softq4j.objective.Batch;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/**
 * The steps of a run that goes through one set of examples in epochs, a function of data and configuration: computed again, not saved, when a run is
 * resumed.
 *
 * @param rows              rows of the steps
 * @param order             which of them form which step
 * @param collator          what makes rows a batch
 * @param rowsPerMicroBatch rows of a batch
 * @param summary           of the examples
 */
public record DataPlan(ExampleRows rows, DataOrder order, Collator collator, int rowsPerMicroBatch, DataSummary summary) implements StepSource {

    /**
     * Reads every example once.
     *
     * @throws io.softq4j.common.UserError if the training examples have nothing to learn from
     */
    public static DataPlan of(TrainingData data, RowSettings settings) {
        Collator collator = data.collator(settings);
        DataScan scan = DataScan.of(data.train(), collator, "training data");
        ExampleRows rows = scan.rows(data.train(), settings);
        DataOrder order = new DataOrder(rows.size(), settings.rowsPerStep(), settings.seed());
        SlotUse use = settings.packing() ? scan.packed(rows.size(), settings) : padded(scan, order, settings, collator);
        return new DataPlan(rows, order, collator, settings.rowsPerMicroBatch(), scan.summary(use));
    }

    private static SlotUse.Padded padded(DataScan scan, DataOrder order, RowSettings settings, Collator collator) {
        long slots = 0;
        for (long step = 0; step < order.stepsPerEpoch(); step++) {
            long[] rows = order.step(step);
            for (int from = 0; from < rows.length; from += settings.rowsPerMicroBatch()) {
                int to = Math.min(rows.length, from + settings.rowsPerMicroBatch());
                int longest = 0;
                for (int i = from; i < to; i++) {
                    longest = Math.max(longest, scan.lengths()[(int) rows[i]]);
                }
                slots += (long) (to - from) * collator.rowLength(longest);
            }
        }
        return new SlotUse.Padded(scan.positions(), slots, scan.ifPacked(collator, settings));
    }

    @Override
    public List<Batch> step(long step) {
        long[] chosen = order.step(step);
        return collator.step(step, chosen.length, rowsPerMicroBatch, i -> rows.get(chosen[i]), rows.layout().examples(chosen[0])[0]);
    }

    @Override
    public LongStream reads(long step) {
        return Arrays.stream(order.step(step)).flatMap(row -> Arrays.stream(rows.layout().examples(row)));
    }

    @Override
    public long stepsPerEpoch() {
        return order.stepsPerEpoch();
    }

    @Override
    public List<String> warnings() {
        return summary.warnings(collator.maxLength(), collator.eosId());
    }
}

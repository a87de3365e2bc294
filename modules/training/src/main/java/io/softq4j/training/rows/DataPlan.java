package io.softq4j.training.rows;

import java.util.Optional;

/**
 * The rows of a run, a function of data and configuration: computed again, not saved, where a run is resumed.
 *
 * @param train   rows of the steps
 * @param eval    rows of the validation loss, if there are any
 * @param order   which rows of {@code train} form which step
 * @param summary of the training examples
 */
public record DataPlan(ExampleRows train, Optional<ExampleRows> eval, DataOrder order, DataSummary summary) {

    /**
     * Reads every example once.
     *
     * @throws io.softq4j.common.UserError if training or validation data have nothing to learn from
     */
    public static DataPlan of(TrainingData data, RowSettings settings, Collator collator) {
        Optional<ExampleRows> eval = data.eval().map(examples -> rows(examples, DataScan.of(examples, collator, "validation data"), settings));
        DataScan scan = DataScan.of(data.train(), collator, "training data");
        ExampleRows train = rows(data.train(), scan, settings);
        DataOrder order = new DataOrder(train.size(), settings.rowsPerStep(), settings.seed());
        SlotUse use = settings.packing() ? packed(scan, train.size(), settings) : padded(scan, order, settings, collator);
        return new DataPlan(train, eval, order, scan.summary(use));
    }

    private static ExampleRows rows(ExampleSource examples, DataScan scan, RowSettings settings) {
        return new ExampleRows(examples, RowLayout.of(scan.lengths(), settings.packing(), settings.maxLength()));
    }

    private static SlotUse.Packed packed(DataScan scan, long rows, RowSettings settings) {
        return new SlotUse.Packed(scan.lengths().length, rows, settings.maxLength(), scan.positions());
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
        return new SlotUse.Padded(scan.positions(), slots, collator.encoderDecoder().isPresent() ? Optional.empty()
                : Optional.of(packed(scan, Packing.of(scan.lengths(), settings.maxLength()).rows(), settings)));
    }
}

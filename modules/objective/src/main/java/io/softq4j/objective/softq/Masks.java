package io.softq4j.objective.softq;

import io.softq4j.objective.Batch;
import java.util.ArrayList;
import java.util.List;

/** The inputs of the terms, by number: the masks, and the baseline where there is one. */
final class Masks {

    /** m_t. */
    static final int NLL = 0;
    /** d_t. */
    static final int TD = 1;
    /** c_t. */
    static final int CONTINUES = 2;

    /** b_t, where the objective has a baseline. */
    static final int BASELINE = 3;

    private static final List<String> NAMES = List.of("nll_mask", "td_mask", "continues");

    private Masks() {
    }

    /** Their placeholders. */
    static List<String> names(boolean baseline) {
        List<String> names = new ArrayList<>(NAMES);
        if (baseline) {
            names.add("baseline");
        }
        return names;
    }

    /** @throws IllegalArgumentException if there is to be a baseline and the batch has none */
    static List<float[]> of(Batch batch, boolean baseline) {
        List<float[]> inputs = new ArrayList<>(List.of(batch.nllMask(), batch.tdMask(), batch.continues()));
        if (baseline) {
            inputs.add(batch.baseline()
                    .orElseThrow(() -> new IllegalArgumentException("the objective has a baseline, the batch none: its examples need "
                    + "the values of the model that the run starts from (objective.baseline)")));
        }
        return inputs;
    }
}

package io.softq4j.objective.softq;

import io.softq4j.objective.Batch;
import java.util.List;

/** The inputs of the terms, by number. */
final class Masks {

    /** m_t. */
    static final int NLL = 0;
    /** d_t. */
    static final int TD = 1;
    /** c_t. */
    static final int CONTINUES = 2;

    /** Their placeholders. */
    static final List<String> NAMES = List.of("nll_mask", "td_mask", "continues");

    private Masks() {
    }

    static List<float[]> of(Batch batch) {
        return List.of(batch.nllMask(), batch.tdMask(), batch.continues());
    }
}

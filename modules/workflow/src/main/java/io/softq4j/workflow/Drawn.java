package io.softq4j.workflow;

import io.softq4j.data.RenderedRecord;
import io.softq4j.evaluation.Judgement;
import java.util.List;

/**
 * Items that were judged, and the rows they are of.
 *
 * @param prompts   the first row of each item
 * @param judgement of the items, in the same order
 */
record Drawn(List<RenderedRecord> prompts, Judgement judgement) {

    Drawn {
        prompts = List.copyOf(prompts);
    }
}

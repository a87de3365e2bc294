package io.softq4j.workflow;

import io.softq4j.data.RenderedRecord;
import io.softq4j.evaluation.Item;
import java.util.List;

/**
 * Samples and what they were drawn for.
 *
 * @param prompts the rows
 * @param samples of each of them
 */
record Drawn(List<RenderedRecord> prompts, List<Item> samples) {
}

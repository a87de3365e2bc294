/**
 * Measures of texts as pure functions: BLEU, chrF, ROUGE, SQuAD's exact match and F1, collisions, coverage, entropies and the Vendi score.
 * Nothing here knows a model, a corpus or a report; {@link io.softq4j.evaluation.Metrics} wraps each as a {@link
 * io.softq4j.evaluation.Metric}.
 *
 * <p>Where a measure has a tool that everybody uses, it gives that tool's values, quirks included, and a golden file made with the tool
 * holds it to them. Letters are Unicode code points, and nothing depends on the locale or the charset of the machine.
 */
package io.softq4j.evaluation.text;

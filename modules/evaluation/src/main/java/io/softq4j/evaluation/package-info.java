/**
 * What a model's samples are worth: quality by a checking {@link io.softq4j.evaluation.Task}, diversity by several measures that disagree usefully,
 * and the {@link io.softq4j.evaluation.Frontier} of one against the other.
 *
 * <p>Everything here works on strings and numbers: {@link io.softq4j.evaluation.Evaluator} turns samples into an
 * {@link io.softq4j.evaluation.EvaluationReport}, {@link io.softq4j.evaluation.Frontier} turns many reports into means, errors and comparisons, and
 * {@link io.softq4j.evaluation.FrontierPlot} draws them. Same input, same bits out.
 *
 * <p>Letters: n samples of a prompt, c of them correct, k tries (pass@k). Self-BLEU is on the scale 0 to 100 as papers print it; high is
 * <em>little</em> diversity.
 */
package io.softq4j.evaluation;

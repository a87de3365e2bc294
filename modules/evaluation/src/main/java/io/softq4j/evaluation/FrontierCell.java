package io.softq4j.evaluation;

/**
 * One group with one sampler, over its seeds.
 *
 * @param group       as in the points
 * @param sampler     the point of the grid
 * @param quality     mean and standard error over seeds
 * @param diversity   mean and standard error over seeds
 * @param pareto      true where no other cell, of any group, is at least as good in both means and better in one
 */
public record FrontierCell(String group, SamplerPoint sampler, Estimate quality, Estimate diversity, boolean pareto) {
}

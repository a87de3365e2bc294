package io.softq4j.evaluation;

import io.softq4j.common.UserError;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Turns samples into an {@link EvaluationReport}. */
public final class Evaluator {

    private Evaluator() {
    }

    /**
     * Measures samples, and checks them where there is a task.
     *
     * @param task    decides what is correct; empty measures diversity and length alone
     * @param prompts the samples, at least one prompt, {@code sampler.n()} samples each
     * @param sampler how they were drawn
     * @param ks      the k of pass@k, each from 1 to {@code sampler.n()}; not used without a task
     * @throws UserError if there is no prompt, if a k is above n, or if the task cannot judge a record
     */
    public static EvaluationReport evaluate(Optional<Task> task, List<PromptSamples> prompts, SamplerSettings sampler, Collection<Integer> ks) {
        if (prompts.isEmpty()) {
            throw new UserError("nothing to evaluate: no prompts. Is the evaluated file empty, or the limit on prompts 0?");
        }
        for (int i = 0; i < prompts.size(); i++) {
            if (prompts.get(i).samples().size() != sampler.n()) {
                throw new IllegalArgumentException("prompt " + (i + 1) + " has " + prompts.get(i).samples().size()
                        + " samples, the sampler drew n = " + sampler.n());
            }
        }
        List<Sample> samples = prompts.stream().flatMap(prompt -> prompt.samples().stream()).toList();
        Counts counts = new Counts(prompts.size(), samples.size(), samples.stream().mapToLong(Sample::tokens).sum());
        return new EvaluationReport(null, null, task.map(Task::name).orElse(null), sampler, counts,
                task.map(checker -> quality(checker, prompts, sampler.n(), new TreeSet<>(ks))).orElse(null),
                Diversity.of(prompts), ResponseLength.of(samples));
    }

    private static Quality quality(Task task, List<PromptSamples> prompts, int n, Set<Integer> ks) {
        for (int k : ks) {
            if (k < 1 || k > n) {
                throw new UserError("pass@" + k + " needs k from 1 to n = " + n + ", the samples drawn for each prompt. "
                        + "Raise n, or leave out k = " + k + ".");
            }
        }
        double accuracy = 0;
        double distinctCorrect = 0;
        double[] pass = new double[n + 1]; // [k]
        for (int i = 0; i < prompts.size(); i++) {
            PromptSamples prompt = prompts.get(i);
            Set<String> different = new HashSet<>();
            int correct = 0;
            for (Sample sample : prompt.samples()) {
                if (correct(task, prompt, sample, i, different)) {
                    correct++;
                }
            }
            accuracy += (double) correct / n;
            distinctCorrect += different.size();
            for (int k : ks) {
                pass[k] += PassAtK.estimate(n, correct, k);
            }
        }
        TreeMap<Integer, Double> passAtK = new TreeMap<>();
        for (int k : ks) {
            passAtK.put(k, pass[k] / prompts.size());
        }
        return new Quality(accuracy / prompts.size(), passAtK, distinctCorrect / prompts.size());
    }

    private static boolean correct(Task task, PromptSamples prompt, Sample sample, int index, Set<String> different) {
        try {
            for (Map<String, String> fields : prompt.records()) {
                if (task.correct(fields, sample.text())) {
                    different.add(task.canonical(fields, sample.text()));
                    return true;
                }
            }
            return false;
        } catch (UserError e) {
            throw new UserError("prompt " + (index + 1) + ": " + e.getMessage(), e);
        } catch (RuntimeException e) {
            throw new UserError("task '" + task.name() + "' (" + task.getClass().getName() + ") failed on prompt " + (index + 1) + ", response '"
                    + sample.text() + "': "
                    + e + ". A task must give an answer for any text.", e);
        }
    }
}

package io.softq4j.graph;

import io.softq4j.graph.kernel.KernelOp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;
import org.nd4j.linalg.api.ops.impl.controlflow.compat.StopGradient;

/**
 * Reverse-mode differentiation: walks the ops backwards and lets each write its own backward ops into the same graph.
 *
 * <p>SameDiff's {@code createGradFunction} is not used: it clones every op through FlatBuffers, which loses ops of ours.
 */
public final class Gradients {

    private Gradients() {
    }

    /**
     * Adds the backward graph of a scalar.
     *
     * @param loss      the scalar
     * @param variables what to differentiate by
     * @return gradient by variable name
     * @throws IllegalArgumentException if {@code loss} does not depend on a variable
     */
    public static Map<String, SDVariable> of(SDVariable loss, Collection<String> variables) {
        Map<String, SDVariable> sums = new LinkedHashMap<>();
        terms(loss, variables).forEach((name, terms) -> sums.put(name, terms.stream().reduce(SDVariable::add).orElseThrow()));
        return sums;
    }

    /** Whether a value depends on one of the variables through ops that let a gradient pass. */
    public static boolean depends(SDVariable value, Collection<String> variables) {
        return dependents(List.copyOf(value.getSameDiff().getOps().values()), variables).contains(value.name());
    }

    /** As {@link #of}, with the terms of each gradient, one for each use of the variable, not yet added up. */
    public static Map<String, List<SDVariable>> terms(SDVariable loss, Collection<String> variables) {
        return terms(Map.of(loss.name(), loss.getSameDiff().onesLike(loss)), loss.getSameDiff(), variables);
    }

    /**
     * Adds the backward graph of values whose own gradient is known, as where an objective computes it along with the loss.
     *
     * @param upstream  gradient by the name of a value
     * @param variables what to differentiate by
     * @return the terms of each variable's gradient
     * @throws IllegalArgumentException if no value depends on a variable
     */
    public static Map<String, List<SDVariable>> terms(Map<String, SDVariable> upstream, SameDiff graph, Collection<String> variables) {
        // the ops before the gradients themselves, which may be ops too
        List<SameDiffOp> ops = List.copyOf(graph.getOps().values());
        Set<String> active = dependents(ops, variables);
        Map<String, List<SDVariable>> gradients = new HashMap<>();
        upstream.forEach((name, gradient) -> gradients.put(name, new ArrayList<>(List.of(gradient))));
        for (int i = ops.size() - 1; i >= 0; i--) {
            SameDiffOp op = ops.get(i);
            if (op.getOutputsOfOp().stream().noneMatch(gradients::containsKey) || op.getInputsToOp().stream().noneMatch(active::contains)) {
                continue;
            }
            List<SDVariable> known = new ArrayList<>();
            op.getOutputsOfOp().forEach(name -> known.add(gradients.containsKey(name) ? total(gradients.get(name)) : null));
            List<SDVariable> downstream = downstream(graph, op, known, active);
            for (int k = 0; k < op.getInputsToOp().size(); k++) {
                String input = op.getInputsToOp().get(k);
                SDVariable gradient = k < downstream.size() ? downstream.get(k) : null;
                if (gradient != null && active.contains(input)) {
                    gradients.computeIfAbsent(input, name -> new ArrayList<>()).add(gradient);
                }
            }
        }
        Map<String, List<SDVariable>> terms = new LinkedHashMap<>();
        for (String variable : variables) {
            if (!gradients.containsKey(variable)) {
                throw new IllegalArgumentException(String.join(", ", upstream.keySet()) + " does not depend on " + variable);
            }
            terms.put(variable, gradients.get(variable));
        }
        return terms;
    }

    /** The sum of the terms, which take its place. */
    private static SDVariable total(List<SDVariable> terms) {
        SDVariable sum = terms.stream().reduce(SDVariable::add).orElseThrow();
        terms.clear();
        terms.add(sum);
        return sum;
    }

    /** Names of floating-point values that depend on one of the variables through ops that let a gradient pass. */
    private static Set<String> dependents(List<SameDiffOp> ops, Collection<String> variables) {
        Set<String> active = new HashSet<>(variables);
        for (SameDiffOp op : ops) {
            if (!(op.getOp() instanceof StopGradient) && op.getInputsToOp().stream().anyMatch(active::contains)) {
                for (SDVariable output : op.getOp().outputVariables()) {
                    if (output.dataType().isFPType()) {
                        active.add(output.name());
                    }
                }
            }
        }
        return active;
    }

    /** Gradients of an op's inputs. Ops of ours leave out what no variable needs, such as the gradient of a frozen weight. */
    private static List<SDVariable> downstream(SameDiff graph, SameDiffOp op, List<SDVariable> upstream, Set<String> active) {
        if (op.getOp() instanceof KernelOp kernel) {
            boolean[] wanted = new boolean[op.getInputsToOp().size()];
            for (int i = 0; i < wanted.length; i++) {
                wanted[i] = active.contains(op.getInputsToOp().get(i));
            }
            return kernel.differentiate(upstream, wanted);
        }
        return op.getOp().doDiff(completed(graph, op, upstream));
    }

    /** Standard ops expect a gradient for each of their outputs: zero where nothing depends on one. */
    private static List<SDVariable> completed(SameDiff graph, SameDiffOp op, List<SDVariable> upstream) {
        SDVariable[] outputs = op.getOp().outputVariables();
        SDVariable[] all = upstream.toArray(SDVariable[]::new);
        for (int i = 0; i < all.length; i++) {
            if (all[i] == null) {
                all[i] = graph.zerosLike(outputs[i]);
            }
        }
        return Arrays.asList(all);
    }
}

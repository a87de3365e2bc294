package io.softq4j.graph;

import io.softq4j.graph.kernel.KernelOp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
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
        SameDiff graph = loss.getSameDiff();
        List<SameDiffOp> ops = List.copyOf(graph.getOps().values());
        Set<String> active = dependents(ops, variables);
        Map<String, SDVariable> gradients = new HashMap<>();
        gradients.put(loss.name(), graph.onesLike(loss));
        for (int i = ops.size() - 1; i >= 0; i--) {
            SameDiffOp op = ops.get(i);
            if (op.getOutputsOfOp().stream().noneMatch(gradients::containsKey) || op.getInputsToOp().stream().noneMatch(active::contains)) {
                continue;
            }
            List<SDVariable> upstream = new ArrayList<>();
            op.getOutputsOfOp().forEach(name -> upstream.add(gradients.get(name)));
            List<SDVariable> downstream = op.getOp().doDiff(completed(graph, op, upstream));
            for (int k = 0; k < op.getInputsToOp().size(); k++) {
                String input = op.getInputsToOp().get(k);
                SDVariable gradient = k < downstream.size() ? downstream.get(k) : null;
                if (gradient != null && active.contains(input)) {
                    gradients.merge(input, gradient, SDVariable::add);
                }
            }
        }
        for (String variable : variables) {
            if (!gradients.containsKey(variable)) {
                throw new IllegalArgumentException(loss.name() + " does not depend on " + variable);
            }
        }
        gradients.keySet().retainAll(variables);
        return gradients;
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

    /** Standard ops expect a gradient for each of their outputs: zero where nothing depends on one. Ops of ours take null. */
    private static List<SDVariable> completed(SameDiff graph, SameDiffOp op, List<SDVariable> upstream) {
        if (op.getOp() instanceof KernelOp) {
            return upstream;
        }
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

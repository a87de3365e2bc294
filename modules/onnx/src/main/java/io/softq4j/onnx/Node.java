package io.softq4j.onnx;

import io.softq4j.common.UserError;
import java.util.List;
import java.util.function.ToIntFunction;
import org.nd4j.autodiff.functions.DifferentialFunction;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ops.DynamicCustomOp;

/**
 * One op of the SameDiff graph, as a translation sees it.
 *
 * @param graph   the graph it is in
 * @param op      the op
 * @param inputs  ONNX names of its inputs
 * @param outputs ONNX names of its outputs
 * @param ranks   rank of a variable of the SameDiff graph
 */
record Node(SameDiff graph, SameDiffOp op, List<String> inputs, List<String> outputs, ToIntFunction<String> ranks) {

    DifferentialFunction function() {
        return op.getOp();
    }

    String input() {
        return inputs.get(0);
    }

    /** Integer arguments of a custom op. */
    long[] integers() {
        return ((DynamicCustomOp) function()).iArgs();
    }

    /** Rank of the first input. */
    int rank() {
        return ranks.applyAsInt(op.getInputsToOp().get(0));
    }

    DataType inputType() {
        return graph.getVariable(op.getInputsToOp().get(0)).dataType();
    }

    /** SameDiff's name of the first output. */
    String variable() {
        return op.getOutputsOfOp().get(0);
    }

    DataType outputType() {
        return graph.getVariable(variable()).dataType();
    }

    /** Refuses an op that is used in a form the translation does not know. */
    void require(boolean supported, String form) {
        if (!supported) {
            throw new UserError("cannot export op '" + function().opName() + "' that computes '" + variable()
                    + "' to ONNX: its translation "
                    + "does not know " + form + ". Write the model with the words of io.softq4j.graph.Ops, or extend "
                    + "io.softq4j.onnx.Translations");
        }
    }
}

package io.softq4j.model;

import io.softq4j.graph.Lowering;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * Where the parameters of a model are, counted in scalars without allocating them.
 *
 * @param embedding tables of tokens and positions
 * @param layers    all blocks together
 * @param norms     what is neither in a block nor a table
 * @param output    the output layer; 0 where it is tied to the embedding
 * @param saved     what a tied output layer would take of its own; 0 where it is not tied
 */
public record ParameterCounts(long embedding, long layers, long norms, long output, long saved) {

    /** A block's number, as Hugging Face's names have it. */
    private static final Pattern IN_BLOCK = Pattern.compile(".*\\.\\d+\\..*");

    /** Counts. */
    public static ParameterCounts of(ModelConfig config) {
        ModelGraph graph = LanguageModel.outline(config, Lowering.best());
        String table = graph.output().map(output -> output.table().name()).orElse("");
        boolean tied = !table.isEmpty() && uses(graph.graph(), table) > 1;
        long embedding = 0;
        long layers = 0;
        long norms = 0;
        long output = 0;
        for (String name : graph.parameters()) {
            SDVariable parameter = graph.graph().getVariable(name);
            long count = Arrays.stream(parameter.getShape()).reduce(1, Math::multiplyExact);
            if (IN_BLOCK.matcher(name).matches()) {
                layers += count;
            } else if (name.equals(table) && !tied) {
                output += count;
            } else if (parameter.getShape().length > 1) {
                embedding += count;
            } else {
                norms += count;
            }
        }
        long saved = tied ? Arrays.stream(graph.graph().getVariable(table).getShape()).reduce(1, Math::multiplyExact) : 0;
        return new ParameterCounts(embedding, layers, norms, output, saved);
    }

    /** Ops that read a parameter: of a tied table the look-up and the output layer. */
    private static int uses(SameDiff graph, String name) {
        return graph.getVariables().get(name).getInputsForOp().size();
    }

    /** All of them. */
    public long total() {
        return embedding + layers + norms + output;
    }
}

package io.softq4j.graph.plan;

import io.softq4j.common.UserError;
import io.softq4j.graph.machine.Memory;
import java.util.List;
import java.util.Map;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Whether what the host writes into inputs and variables reaches the ops of a plan, and what they compute comes back. On a GPU each array
 * has two copies, and
 * training on a stale one would go wrong silently; so it is tried before anything else is.
 */
public final class HostCopies {

    private HostCopies() {
    }

    /** @throws UserError if a plan does not see what the host wrote, or the host not what the plan computed */
    public static void requireInStep() {
        SameDiff graph = SameDiff.create();
        SDVariable x = graph.placeHolder("x", DataType.FLOAT, 2);
        SDVariable w = graph.var("w", Nd4j.create(DataType.FLOAT, 2));
        SDVariable y = x.mul(w);
        try (Plan plan = Plan.compile(graph, Map.of("x", new long[] {2}), List.of(y.name()))) {
            for (int round = 1; round <= 3; round++) {
                plan.write("x", new float[] {round, 2});
                Memory.write(w.getArr(), new float[] {10, round});
                plan.run();
                double[] seen = plan.read(y.name());
                if (seen[0] != 10 * round || seen[1] != 2 * round) {
                    throw new IllegalStateException("expected " + 10 * round + ", " + 2 * round + ", got " + seen[0] + ", " + seen[1]);
                }
            }
        } catch (RuntimeException e) {
            throw new UserError("ND4J's CUDA backend does not keep host and GPU copies of an array in step here (" + e.getMessage()
                    + "), so nothing would be learnt. Unset SOFTQ_BACKEND to compute on the CPU.", e);
        }
    }
}

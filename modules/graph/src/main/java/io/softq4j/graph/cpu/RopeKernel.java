package io.softq4j.graph.cpu;

import io.softq4j.graph.device.Work;
import io.softq4j.graph.kernel.Rope;
import io.softq4j.graph.machine.Memory;
import io.softq4j.graph.machine.Scratch;
import io.softq4j.graph.machine.VectorMath;
import io.softq4j.graph.machine.Workers;
import java.nio.FloatBuffer;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import org.nd4j.linalg.api.ndarray.INDArray;

/** {@link Rope}, a row at a time. */
final class RopeKernel {

    private RopeKernel() {
    }

    static Work bind(Rope op, List<INDArray> inputs, List<INDArray> outputs) {
        int heads = op.heads();
        int headWidth = op.headWidth();
        boolean back = op.back();
        int rows = (int) inputs.get(0).size(0);
        int width = (int) inputs.get(0).size(1);
        int half = (int) inputs.get(1).size(1);
        FloatBuffer x = Memory.floats(inputs.get(0));
        FloatBuffer cos = Memory.floats(inputs.get(1));
        FloatBuffer sin = Memory.floats(inputs.get(2));
        FloatBuffer y = Memory.floats(outputs.get(0));
        boolean inPlace = Memory.address(inputs.get(0)) == Memory.address(outputs.get(0));
        int moved = inPlace ? heads * headWidth : width;
        return () -> Workers.rows(rows, moved, (piece, from, to) -> {
            float[] row = Scratch.row(0, moved);
            float[] c = Scratch.row(1, half);
            float[] s = Scratch.row(2, half);
            for (int i = from; i < to; i++) {
                x.get(i * width, row, 0, moved);
                cos.get(i * half, c, 0, half);
                sin.get(i * half, s, 0, half);
                if (back) {
                    negate(s, half);
                }
                for (int h = 0; h < heads; h++) {
                    turn(row, h * headWidth, c, s, half);
                }
                y.put(i * width, row, 0, moved);
            }
        });
    }

    private static void negate(float[] s, int half) {
        for (int j = 0; j < half; j++) {
            s[j] = -s[j];
        }
    }

    /** (a, b) becomes (a cos - b sin, b cos + a sin): a the {@code half} elements from {@code at}, b those after them. */
    private static void turn(float[] row, int at, float[] cos, float[] sin, int half) {
        int j = 0;
        for (int bound = VectorMath.SPECIES.loopBound(half); j < bound; j += VectorMath.SPECIES.length()) {
            FloatVector a = FloatVector.fromArray(VectorMath.SPECIES, row, at + j);
            FloatVector b = FloatVector.fromArray(VectorMath.SPECIES, row, at + half + j);
            FloatVector c = FloatVector.fromArray(VectorMath.SPECIES, cos, j);
            FloatVector s = FloatVector.fromArray(VectorMath.SPECIES, sin, j);
            a.mul(c).sub(b.mul(s)).intoArray(row, at + j);
            b.mul(c).add(a.mul(s)).intoArray(row, at + half + j);
        }
        for (; j < half; j++) {
            float a = row[at + j];
            float b = row[at + half + j];
            row[at + j] = a * cos[j] - b * sin[j];
            row[at + half + j] = b * cos[j] + a * sin[j];
        }
    }
}

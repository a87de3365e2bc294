package io.softq4j.graph.plan;

import io.softq4j.graph.cpu.CpuDevice;
import io.softq4j.graph.device.Device;
import io.softq4j.graph.device.Kernels;
import io.softq4j.graph.device.Space;
import io.softq4j.graph.device.Work;
import io.softq4j.graph.kernel.Activation;
import io.softq4j.graph.kernel.Add;
import io.softq4j.graph.kernel.ChunkedHead;
import io.softq4j.graph.kernel.Embedding;
import io.softq4j.graph.kernel.Linear;
import io.softq4j.graph.kernel.LinearGradient;
import io.softq4j.graph.kernel.RowGradient;
import io.softq4j.graph.kernel.RowLoss;
import io.softq4j.graph.kernel.RowValues;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.bytedeco.javacpp.BytePointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.pairwise.arithmetic.AddOp;
import org.nd4j.linalg.api.shape.Shape;
import org.nd4j.linalg.factory.Nd4j;

/** A second device, for tests: it computes some ops in float64, in a memory of its own that the host does not see. */
final class ReferenceDevice implements Device {

    private static final Kernels KERNELS = Kernels.of("reference")
            .with(Add.class, (op, in, out) -> () -> out.get(0).assign(in.get(0).add(in.get(1))))
            .with(AddOp.class, (op, in, out) -> () -> out.get(0).assign(in.get(0).add(in.get(1))))
            .with(Embedding.class, (op, in, out) -> () -> {
                for (int i = 0; i < in.get(1).length(); i++) {
                    out.get(0).getRow(i).assign(in.get(0).getRow(in.get(1).getInt(i)));
                }
            })
            .with(Embedding.Gradient.class, (op, in, out) -> () -> {
                for (int i = 0; i < in.get(1).length(); i++) {
                    out.get(0).getRow(in.get(1).getInt(i)).addi(in.get(2).getRow(i));
                }
            })
            .with(Linear.class, (op, in, out) -> () -> {
                INDArray y = map(in.get(0), value(op.activation())).mmul(in.get(1));
                out.get(0).assign(in.size() == 2 ? y : y.addiRowVector(in.get(2)));
            })
            .with(LinearGradient.class, (op, in, out) -> () -> linearGradient(op, in, out))
            .with(ChunkedHead.class, (op, in, out) -> () -> head(op, in, out));

    private static INDArray map(INDArray x, DoubleUnaryOperator f) {
        INDArray y = x.dup('c');
        for (long i = 0; i < y.length(); i++) {
            y.putScalar(i, f.applyAsDouble(y.getDouble(i)));
        }
        return y;
    }

    private static double logistic(double x) {
        return 1 / (1 + Math.exp(-2 * Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
    }

    private static DoubleUnaryOperator value(Activation activation) {
        return switch (activation) {
            case NONE -> x -> x;
            case GELU_NEW -> x -> x * logistic(x);
            default -> throw new UnsupportedOperationException(activation + " on the reference device");
        };
    }

    private static DoubleUnaryOperator derivative(Activation activation) {
        return switch (activation) {
            case NONE -> x -> 1;
            case GELU_NEW -> x -> {
                double s = logistic(x);
                return s + x * s * (1 - s) * 2 * Math.sqrt(2 / Math.PI) * (1 + 3 * 0.044715 * x * x);
            };
            default -> throw new UnsupportedOperationException(activation + " on the reference device");
        };
    }

    private static void linearGradient(LinearGradient op, List<INDArray> in, List<INDArray> out) {
        INDArray dy = in.get(2);
        INDArray fx = map(in.get(0), value(op.activation())); // before an output takes the memory of x
        INDArray slope = map(in.get(0), derivative(op.activation()));
        if (op.dx() != LinearGradient.NONE) {
            INDArray weight = op.transposed() ? in.get(1) : in.get(1).transpose();
            out.get(op.dx()).assign(dy.mmul(weight).muli(slope));
        }
        if (op.dw() != LinearGradient.NONE) {
            out.get(op.dw()).addi(op.transposed() ? dy.transpose().mmul(fx) : fx.transpose().mmul(dy));
        }
        if (op.db() != LinearGradient.NONE) {
            out.get(op.db()).addi(dy.sum(0));
        }
        if (op.fx() != LinearGradient.NONE) {
            out.get(op.fx()).assign(fx);
        }
    }

    /** All logits at once, for terms that have no function of a row. */
    private static void head(ChunkedHead op, List<INDArray> in, List<INDArray> out) {
        INDArray hidden = in.get(ChunkedHead.HIDDEN);
        INDArray table = in.get(ChunkedHead.TABLE);
        INDArray chosen = in.get(ChunkedHead.CHOSEN);
        int scales = ChunkedHead.LOSS + op.loss().inputs().size();
        double tau = op.loss().tau();
        INDArray z = hidden.mmul(table.transpose()).dup('c');
        RowValues rows = new Rows(out, in, (int) table.size(0));
        for (int row = 0; row < z.rows(); row++) {
            double max = z.getRow(row).maxNumber().doubleValue();
            double sum = 0;
            double weighted = 0;
            for (int k = 0; k < z.columns(); k++) {
                double u = (z.getDouble(row, k) - max) / tau;
                sum += Math.exp(u);
                weighted += u * Math.exp(u);
            }
            int at = row;
            boolean involved = op.loss().terms().stream().anyMatch(term -> term.involves(rows, at));
            out.get(0).putScalar(row, involved ? max + tau * Math.log(sum) : 0);
            out.get(1).putScalar(row, involved ? z.getDouble(row, chosen.getInt(row)) : 0);
            out.get(2).putScalar(row, involved ? Math.log(sum) - weighted / sum : 0);
        }
        if (op.wanted().count() == 0) {
            return;
        }
        INDArray dz = Nd4j.zeros(DataType.DOUBLE, z.shape());
        RowGradient gradient = new RowGradient();
        for (int row = 0; row < z.rows(); row++) {
            gradient.clear();
            for (int i = 0; i < op.loss().terms().size(); i++) {
                RowLoss term = op.loss().terms().get(i);
                term.differentiate(rows, row, in.get(scales + i).getDouble(0), gradient);
            }
            for (int k = 0; k < z.columns(); k++) {
                double logP = (z.getDouble(row, k) - rows.value(row)) / tau;
                double slope = (gradient.a() + gradient.c() * logP) * Math.exp(logP) + (k == chosen.getInt(row) ? gradient.b() : 0);
                dz.putScalar(row, k, slope);
            }
        }
        if (op.wanted().hidden()) {
            out.get(op.hiddenOutput()).assign(dz.mmul(table));
        }
        if (op.wanted().table()) {
            out.get(op.tableOutput()).addi(dz.transpose().mmul(hidden));
        }
    }

    private record Rows(List<INDArray> out, List<INDArray> in, int width) implements RowValues {

        @Override
        public double value(int row) {
            return out.get(0).getDouble(row);
        }

        @Override
        public double chosen(int row) {
            return out.get(1).getDouble(row);
        }

        @Override
        public double entropy(int row) {
            return out.get(2).getDouble(row);
        }

        @Override
        public double sum(int index, int row) {
            throw new UnsupportedOperationException("sums on the reference device");
        }

        @Override
        public double input(int index, int row) {
            return in.get(ChunkedHead.LOSS + index).getDouble(row);
        }
    }

    /** Twice as many bytes as the plan places, as each float takes a double. */
    private static final class Doubles implements Space {

        private final long bytes;
        private final BytePointer memory;

        Doubles(long bytes) {
            this.bytes = bytes;
            memory = new BytePointer(2 * bytes);
        }

        @Override
        public long bytes() {
            return bytes;
        }

        @Override
        public INDArray array(DataType type, long[] shape, long offset) {
            if (type != DataType.FLOAT) {
                throw new UnsupportedOperationException("values of type " + type + " on the reference device");
            }
            return Nd4j.create(Nd4j.createBuffer(memory.getPointer(2 * offset), Shape.lengthOf(shape), DataType.DOUBLE), shape);
        }

        @Override
        public void close() {
            memory.deallocate();
        }
    }

    @Override
    public String name() {
        return "reference";
    }

    @Override
    public Kernels kernels() {
        return KERNELS;
    }

    @Override
    public Space allocate(long bytes) {
        return new Doubles(bytes);
    }

    @Override
    public Space probes() {
        return CpuDevice.CPU.probes();
    }

    @Override
    public INDArray resident(INDArray host) {
        return host.dataType() == DataType.FLOAT ? Nd4j.valueArrayOf(host.shape(), Double.NaN, DataType.DOUBLE)
                : Nd4j.zeros(host.dataType(), host.shape());
    }

    @Override
    public INDArray visible(INDArray resident) {
        return Nd4j.valueArrayOf(resident.shape(), Double.NaN, DataType.FLOAT);
    }

    @Override
    public void toDevice(INDArray host, INDArray resident) {
        resident.assign(host);
    }

    @Override
    public void toHost(INDArray resident, INDArray host) {
        host.assign(resident);
    }

    @Override
    public Work clear(INDArray resident) {
        return () -> resident.assign(0);
    }

    @Override
    public Work add(INDArray sum, INDArray more) {
        return () -> sum.addi(more);
    }
}

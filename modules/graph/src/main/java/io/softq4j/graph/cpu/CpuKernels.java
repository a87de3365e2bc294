package io.softq4j.graph.cpu;

import io.softq4j.graph.device.Kernels;
import io.softq4j.graph.kernel.Add;
import io.softq4j.graph.kernel.Attention;
import io.softq4j.graph.kernel.CachedAttention;
import io.softq4j.graph.kernel.ChunkedHead;
import io.softq4j.graph.kernel.Dropout;
import io.softq4j.graph.kernel.DropoutMask;
import io.softq4j.graph.kernel.Embedding;
import io.softq4j.graph.kernel.GatedUnit;
import io.softq4j.graph.kernel.Gelu;
import io.softq4j.graph.kernel.Linear;
import io.softq4j.graph.kernel.LinearGradient;
import io.softq4j.graph.kernel.LinearTransposed;
import io.softq4j.graph.kernel.Norm;
import io.softq4j.graph.kernel.NormGradient;
import io.softq4j.graph.kernel.Regroup;
import io.softq4j.graph.kernel.Rope;
import io.softq4j.graph.kernel.RotaryAngles;
import io.softq4j.graph.kernel.SoftValues;
import io.softq4j.graph.kernel.SwiGlu;

/**
 * Which kernel computes which op on the CPU. The entries are lambdas and not references to methods, which would load all kernels with the
 * table: without the Vector API's module they do not load, and graphs of standard ops are to run.
 */
final class CpuKernels {

    /** The device's name. */
    static final String DEVICE = "cpu";

    static final Kernels TABLE = Kernels.of(DEVICE)
            .with(Add.class, (op, in, out) -> AddKernel.bind(op, in, out))
            .with(Attention.class, (op, in, out) -> new AttentionForward(op.spec(), in, out.get(0), out.get(1)))
            .with(Attention.Gradient.class, (op, in, out) -> new AttentionBackward(op.spec(), in, out))
            .with(CachedAttention.class, (op, in, out) -> new CachedAttentionKernel(op, in, out))
            .with(ChunkedHead.class, new HeadKernel())
            .with(Dropout.class, (op, in, out) -> DropoutKernel.bind(op, in, out))
            .with(DropoutMask.class, (op, in, out) -> DropoutKernel.mask(op, in, out))
            .with(Embedding.class, (op, in, out) -> EmbeddingKernel.bind(op, in, out))
            .with(Embedding.Gradient.class, (op, in, out) -> EmbeddingKernel.gradient(op, in, out))
            .with(GatedUnit.class, (op, in, out) -> GatedUnitKernel.bind(op, in, out))
            .with(GatedUnit.Gradient.class, (op, in, out) -> GatedUnitKernel.gradient(op, in, out))
            .with(Gelu.class, (op, in, out) -> GeluKernel.bind(op, in, out))
            .with(Gelu.Gradient.class, (op, in, out) -> GeluKernel.gradient(op, in, out))
            .with(Linear.class, (op, in, out) -> LinearKernel.bind(op, in, out))
            .with(LinearGradient.class, (op, in, out) -> LinearGradientKernel.bind(op, in, out))
            .with(LinearTransposed.class, (op, in, out) -> LinearTransposedKernel.bind(op, in, out))
            .with(Norm.class, (op, in, out) -> NormKernel.bind(op, in, out))
            .with(NormGradient.class, (op, in, out) -> NormGradientKernel.bind(op, in, out))
            .with(Regroup.class, (op, in, out) -> RegroupKernel.bind(op, in, out))
            .with(Rope.class, (op, in, out) -> RopeKernel.bind(op, in, out))
            .with(RotaryAngles.class, (op, in, out) -> RotaryAnglesKernel.bind(op, in, out))
            .with(SoftValues.class, (op, in, out) -> SoftValuesKernel.bind(op, in, out))
            .with(SoftValues.Gradient.class, (op, in, out) -> SoftValuesKernel.gradient(op, in, out))
            .with(SwiGlu.class, (op, in, out) -> SwiGluKernel.bind(op, in, out))
            .with(SwiGlu.Gradient.class, (op, in, out) -> SwiGluKernel.gradient(op, in, out))
            .withStandard(new Nd4jKernel());

    private CpuKernels() {
    }
}

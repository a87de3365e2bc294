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

/** Which kernel computes which op on the CPU. */
final class CpuKernels {

    /** The device's name. */
    static final String DEVICE = "cpu";

    static final Kernels TABLE = Kernels.of(DEVICE)
            .with(Add.class, AddKernel::bind)
            .with(Attention.class, (op, in, out) -> new AttentionForward(op.spec(), in, out.get(0), out.get(1)))
            .with(Attention.Gradient.class, (op, in, out) -> new AttentionBackward(op.spec(), in, out))
            .with(CachedAttention.class, CachedAttentionKernel::new)
            .with(ChunkedHead.class, new HeadKernel())
            .with(Dropout.class, DropoutKernel::bind)
            .with(DropoutMask.class, DropoutKernel::mask)
            .with(Embedding.class, EmbeddingKernel::bind)
            .with(Embedding.Gradient.class, EmbeddingKernel::gradient)
            .with(GatedUnit.class, GatedUnitKernel::bind)
            .with(GatedUnit.Gradient.class, GatedUnitKernel::gradient)
            .with(Gelu.class, GeluKernel::bind)
            .with(Gelu.Gradient.class, GeluKernel::gradient)
            .with(Linear.class, LinearKernel::bind)
            .with(LinearGradient.class, LinearGradientKernel::bind)
            .with(LinearTransposed.class, LinearTransposedKernel::bind)
            .with(Norm.class, NormKernel::bind)
            .with(NormGradient.class, NormGradientKernel::bind)
            .with(Regroup.class, RegroupKernel::bind)
            .with(Rope.class, RopeKernel::bind)
            .with(RotaryAngles.class, RotaryAnglesKernel::bind)
            .with(SoftValues.class, SoftValuesKernel::bind)
            .with(SoftValues.Gradient.class, SoftValuesKernel::gradient)
            .with(SwiGlu.class, SwiGluKernel::bind)
            .with(SwiGlu.Gradient.class, SwiGluKernel::gradient)
            .withStandard(new Nd4jKernel());

    private CpuKernels() {
    }
}

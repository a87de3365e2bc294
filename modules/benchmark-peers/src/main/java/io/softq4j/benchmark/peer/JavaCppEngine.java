package io.softq4j.benchmark.peer;

import org.bytedeco.pytorch.global.torch.ScalarType;

import io.softq4j.benchmark.ModelShape;
import io.softq4j.benchmark.TokenRows;
import io.softq4j.benchmark.TrainingEngine;
import java.nio.file.Path;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AdamW;
import org.bytedeco.pytorch.AdamWOptions;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** PyTorch's C++ interface through the JavaCPP presets, eager. */
final class JavaCppEngine implements TrainingEngine {

    private static final String VERSION = "2.10.0";
    private static final long IGNORED = -100;
    private static final double EPSILON = 1e-5;

    private final ModelShape shape;
    private final TensorVector parameters = new TensorVector();
    private final AdamW optimizer;
    private final Tensor ids;
    private final Tensor positions;
    private final Tensor targets;
    private int next;

    JavaCppEngine(ModelShape shape, Path model, int threads) {
        this.shape = shape;
        torch.set_num_threads(threads);
        PeerWeights.read(model, shape.layers(), (extents, values) -> {
            try (FloatPointer pointer = new FloatPointer(values); Tensor borrowed = torch.from_blob(pointer, extents)) {
                parameters.push_back(borrowed.clone().requires_grad_(true));
            }
        });
        AdamWOptions options = new AdamWOptions(LEARNING_RATE);
        options.weight_decay().put(0);
        optimizer = new AdamW(parameters, options);
        TokenRows rows = TokenRows.of(shape);
        long[] in = new long[shape.tokens()];
        long[] out = new long[shape.tokens()];
        for (int i = 0; i < in.length; i++) {
            in[i] = rows.inputs()[i];
            out[i] = rows.scored()[i] ? rows.targets()[i] : IGNORED;
        }
        ids = torch.tensor(in).to(ScalarType.Long).view(shape.rows(), shape.length());
        targets = torch.tensor(out).to(ScalarType.Long);
        positions = torch.arange(new Scalar(shape.length())).to(ScalarType.Long);
    }

    @Override
    public String name() {
        return "PyTorch " + VERSION + " (JavaCPP)";
    }

    @Override
    public double step(double lambda) {
        PeerMain.requireCrossEntropy(lambda);
        try (PointerScope scope = new PointerScope()) {
            Tensor loss = loss(scope);
            loss.backward();
            torch.clip_grad_norm_(parameters, MAX_GRAD_NORM);
            optimizer.step();
            optimizer.zero_grad(true);
            return loss.item_float();
        }
    }

    /** Intermediate tensors that the backward pass does not need are freed when this returns. */
    private Tensor loss(PointerScope outer) {
        try (PointerScope scope = new PointerScope()) {
            next = 0;
            long width = shape.width();
            Tensor tokenTable = parameter();
            Tensor x = torch.embedding(tokenTable, ids).add(torch.embedding(parameter(), positions)).view(shape.tokens(), width); // [N, D]
            for (int layer = 0; layer < shape.layers(); layer++) {
                x = x.add(attention(norm(x)));
                Tensor hidden = torch.gelu(linear(norm(x)), "tanh");
                x = x.add(linear(hidden));
            }
            Tensor logits = torch.matmul(norm(x), tokenTable.t()); // [N, V]
            Tensor loss = torch.cross_entropy_loss(logits, targets, new TensorOptional(), 1, IGNORED, 0);
            outer.attach(loss);
            return loss;
        }
    }

    private Tensor attention(Tensor x) {
        TensorVector parts = linear(x).view(shape.rows(), shape.length(), 3L * shape.width()).split(shape.width(), 2);
        Tensor context = torch.scaled_dot_product_attention(heads(parts.get(0)), heads(parts.get(1)), heads(parts.get(2)), new TensorOptional(), 0,
                true, new DoubleOptional(), false); // [B, H, T, K]
        return linear(context.transpose(1, 2).contiguous().view(shape.tokens(), shape.width()));
    }

    private Tensor heads(Tensor x) {
        return x.view(shape.rows(), shape.length(), shape.heads(), shape.width() / shape.heads()).transpose(1, 2);
    }

    private Tensor norm(Tensor x) {
        TensorOptional gain = new TensorOptional(parameter());
        return torch.layer_norm(x, new long[] {shape.width()}, gain, new TensorOptional(parameter()), EPSILON, true);
    }

    private Tensor linear(Tensor x) {
        Tensor weight = parameter();
        return torch.addmm(parameter(), x, weight);
    }

    private Tensor parameter() {
        return parameters.get(next++);
    }

    @Override
    public void close() {
        optimizer.close();
        parameters.close();
    }
}

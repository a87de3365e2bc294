package io.softq4j.graph;

import io.softq4j.graph.kernel.Activation;
import io.softq4j.graph.kernel.Add;
import io.softq4j.graph.kernel.Attention;
import io.softq4j.graph.kernel.CachedAttention;
import io.softq4j.graph.kernel.Dropout;
import io.softq4j.graph.kernel.DropoutMask;
import io.softq4j.graph.kernel.Embedding;
import io.softq4j.graph.kernel.GatedUnit;
import io.softq4j.graph.kernel.Gelu;
import io.softq4j.graph.kernel.Linear;
import io.softq4j.graph.kernel.LinearTransposed;
import io.softq4j.graph.kernel.Norm;
import io.softq4j.graph.kernel.Regroup;
import io.softq4j.graph.kernel.RelativeBuckets;
import io.softq4j.graph.kernel.Rope;
import io.softq4j.graph.kernel.RotaryAngles;
import io.softq4j.graph.kernel.SoftValues;
import io.softq4j.graph.kernel.SwiGlu;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.controlflow.compat.StopGradient;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The vocabulary language models and objectives are written in. Every word is defined by its expansion into standard SameDiff ops whose
 * gradients were checked against central differences; with {@link Lowering#FUSED} some words become one op of ours instead, held to that
 * expansion by tests.
 *
 * <p>Letters: B batch, T time, N = B T, D width, H heads, K = D / H, V vocabulary. Activations are kept flat, {@code [N, D]}.
 */
public final class Ops {

    private final SameDiff graph;
    private final Lowering lowering;
    private final AttentionExpansion attention;

    /** Writes into {@code graph}. */
    public Ops(SameDiff graph, Lowering lowering) {
        this.graph = graph;
        this.lowering = lowering;
        this.attention = new AttentionExpansion(graph);
    }

    /** The graph that is written into. */
    public SameDiff graph() {
        return graph;
    }

    /** Rows of {@code table [V, D]} (or scalars of {@code [V]}) at {@code ids [N]}: {@code [N, D]} (or {@code [N]}). */
    public SDVariable embedding(SDVariable table, SDVariable ids) {
        return fused() ? new Embedding(graph, table, ids).outputVariable() : lookup(table, ids);
    }

    /** Elements of a vector {@code [M]} at {@code ids [N]}: {@code [N]}. */
    public SDVariable lookup(SDVariable values, SDVariable ids) {
        return new Lookup(graph, values, ids).outputVariable();
    }

    /** x W + b: x {@code [N, D]}, weight {@code [D, E]}, bias {@code [E]} or null; result {@code [N, E]}. */
    public SDVariable linear(SDVariable x, SDVariable weight, SDVariable bias) {
        return linear(x, weight, bias, Activation.NONE);
    }

    /** f(x) W + b, as {@link #linear(SDVariable, SDVariable, SDVariable)} of an activation f of each element of x. */
    public SDVariable linear(SDVariable x, SDVariable weight, SDVariable bias, Activation activation) {
        if (fused()) {
            return new Linear(graph, x, weight, bias, activation).outputVariable();
        }
        SDVariable product = graph.mmul(activation(x, activation), weight);
        return bias == null ? product : product.add(bias);
    }

    /** An activation of each element of x, any shape. */
    public SDVariable activation(SDVariable x, Activation activation) {
        return switch (activation) {
            case NONE -> x;
            case RELU -> graph.nn().relu(x, 0);
            case GELU -> x.mul(0.5).mul(graph.math().erf(x.mul(Math.sqrt(0.5))).add(1));
            case GELU_NEW -> gelu(x);
        };
    }

    /** x + y, of the same shape. */
    public SDVariable add(SDVariable x, SDVariable y) {
        return fused() ? new Add(graph, x, y).outputVariable() : x.add(y);
    }

    /** x W^T: x {@code [N, D]}, weight {@code [E, D]}; result {@code [N, E]}. */
    public SDVariable linearTransposed(SDVariable x, SDVariable weight) {
        return linearTransposed(x, weight, null);
    }

    /** x W^T + b, the linear layer of PyTorch: x {@code [N, D]}, weight {@code [E, D]}, bias {@code [E]} or null; result {@code [N, E]}. */
    public SDVariable linearTransposed(SDVariable x, SDVariable weight, SDVariable bias) {
        return linearTransposed(x, weight, bias, Activation.NONE);
    }

    /** f(x) W^T + b, as {@link #linearTransposed(SDVariable, SDVariable, SDVariable)} of an activation f of each element of x. */
    public SDVariable linearTransposed(SDVariable x, SDVariable weight, SDVariable bias, Activation activation) {
        if (fused()) {
            return new LinearTransposed(graph, x, weight, bias, activation).outputVariable();
        }
        SDVariable product = graph.mmul(activation(x, activation), weight, false, true, false);
        return bias == null ? product : product.add(bias);
    }

    /** Normalises each row of x {@code [N, D]} to mean 0 and variance 1, then scales by gain {@code [D]} and adds bias {@code [D]}. */
    public SDVariable layerNorm(SDVariable x, SDVariable gain, SDVariable bias, double epsilon) {
        if (fused()) {
            return Norm.layer(graph, x, gain, bias, epsilon).normalised();
        }
        SDVariable centred = x.sub(x.mean(true, -1));
        SDVariable variance = centred.mul(centred).mean(true, -1);
        return centred.div(graph.math().sqrt(variance.add(epsilon))).mul(gain).add(bias);
    }

    /**
     * Divides each row of x {@code [N, D]} by its root mean square, then scales by gain {@code [D]} (Zhang and Sennrich 2019, arXiv
     * 1910.07467).
     */
    public SDVariable rmsNorm(SDVariable x, SDVariable gain, double epsilon) {
        if (fused()) {
            return Norm.rms(graph, x, gain, epsilon).normalised();
        }
        SDVariable meanSquare = x.mul(x).mean(true, -1);
        return x.div(graph.math().sqrt(meanSquare.add(epsilon))).mul(gain);
    }

    /**
     * A step on a residual path and the norm that follows it.
     *
     * @param sum   x + r, {@code [N, D]}
     * @param norm  of the sum, {@code [N, D]}
     * @param names of these and of what else is kept for the gradient
     */
    public record Residual(SDVariable sum, SDVariable norm, List<String> names) {
    }

    /** x + r and its {@link #layerNorm}: x and r {@code [N, D]}, gain and bias {@code [D]}. */
    public Residual residualLayerNorm(SDVariable x, SDVariable r, SDVariable gain, SDVariable bias, double epsilon) {
        if (fused()) {
            return residual(Norm.residualLayer(graph, x, r, gain, bias, epsilon));
        }
        SDVariable sum = x.add(r);
        return residual(sum, layerNorm(sum, gain, bias, epsilon));
    }

    /** x + r and its {@link #rmsNorm}: x and r {@code [N, D]}, gain {@code [D]}. */
    public Residual residualRmsNorm(SDVariable x, SDVariable r, SDVariable gain, double epsilon) {
        if (fused()) {
            return residual(Norm.residualRms(graph, x, r, gain, epsilon));
        }
        SDVariable sum = x.add(r);
        return residual(sum, rmsNorm(sum, gain, epsilon));
    }

    private static Residual residual(Norm norm) {
        return new Residual(norm.sum(), norm.normalised(), Arrays.stream(norm.outputVariables()).map(SDVariable::name).toList());
    }

    private static Residual residual(SDVariable sum, SDVariable norm) {
        return new Residual(sum, norm, List.of(sum.name(), norm.name()));
    }

    /** The tanh form of GELU, any shape. */
    public SDVariable gelu(SDVariable x) {
        if (fused()) {
            return new Gelu(graph, x).outputVariable();
        }
        SDVariable u = x.add(x.mul(x).mul(x).mul(0.044715)).mul(Math.sqrt(2 / Math.PI));
        return x.mul(0.5).mul(graph.math().tanh(u).add(1));
    }

    /**
     * Dropout: each element kept with probability 1 - rate and then divided by it, else 0. Which are kept follows from key, site and the
     * element's index, the same in every lowering and for every number of threads.
     *
     * @param rate in [0, 1); 0 adds no op
     * @param key  int32, one element: another for each micro-batch; 0 keeps everything, as when a model is evaluated
     * @param site another for each call in a graph
     * @throws IllegalArgumentException if the rate is out of range
     */
    public SDVariable dropout(SDVariable x, double rate, SDVariable key, int site) {
        if (!(rate >= 0 && rate < 1)) {
            throw new IllegalArgumentException("a dropout rate must be at least 0 and below 1, was " + rate);
        }
        if (rate == 0) {
            return x;
        }
        if (fused()) {
            return new Dropout(graph, x, key, rate, site).outputVariable();
        }
        return x.mul(new DropoutMask(graph, stopGradient(x), key, rate, site).outputVariable().castTo(x.dataType()));
    }

    /** silu(gate) up: input {@code [N, 2 F]}, gate and up side by side; result {@code [N, F]} (Shazeer 2020, arXiv 2002.05202). */
    public SDVariable swiGlu(SDVariable gateUp) {
        if (fused()) {
            return new SwiGlu(graph, gateUp).outputVariable();
        }
        SDVariable[] parts = graph.split(gateUp, 2, 1);
        return parts[0].mul(graph.nn().sigmoid(parts[0])).mul(parts[1]);
    }

    /** {@link #gelu}(gate) up: input {@code [N, 2 F]}, gate and up side by side; result {@code [N, F]} (Shazeer 2020, arXiv 2002.05202). */
    public SDVariable geGlu(SDVariable gateUp) {
        if (fused()) {
            return new GatedUnit(graph, gateUp, Activation.GELU_NEW).outputVariable();
        }
        SDVariable[] parts = graph.split(gateUp, 2, 1);
        return gelu(parts[0]).mul(parts[1]);
    }

    /**
     * The angles of rotary positions, over R dimensions of a head.
     *
     * @param dimensions R
     * @param cos        {@code [N, R / 2]}
     * @param sin        {@code [N, R / 2]}
     */
    public record Rotation(int dimensions, SDVariable cos, SDVariable sin) {
    }

    /** The frequencies of the paper's eq. 15, in radians a position: theta^(-2 i / R), i from 0 to R / 2 - 1. */
    public static double[] rotaryFrequencies(double theta, int dimensions) {
        return IntStream.range(0, dimensions / 2).mapToDouble(i -> StrictMath.pow(theta, -2.0 * i / dimensions)).toArray();
    }

    /**
     * One {@link Rotation} serves all layers of a model.
     *
     * @param positions   int32 {@code [N]}
     * @param frequencies {@code [R / 2]}: {@link #rotaryFrequencies}, or those scaled for long contexts
     * @param type        of what is turned
     */
    public Rotation rotation(SDVariable positions, double[] frequencies, DataType type) {
        if (fused()) {
            SDVariable[] out = new RotaryAngles(graph, positions, frequencies).outputVariables();
            return new Rotation(2 * frequencies.length, out[0], out[1]);
        }
        SDVariable f = graph.constant(Nd4j.createFromArray(frequencies).reshape(1, frequencies.length).castTo(type));
        SDVariable angles = graph.reshape(positions.castTo(type), -1, 1).mul(f);
        return new Rotation(2 * frequencies.length, graph.math().cos(angles), graph.math().sin(angles));
    }

    /**
     * Rotary position embedding (Su et al. 2021, arXiv 2104.09864) as in Hugging Face's Llama and GPT-NeoX: in the first R dimensions of a
     * head, elements i and i + R / 2 are turned by angle i of the token's position.
     *
     * @param x         {@code [N, J K]}: J heads side by side, such as query, key and value
     * @param heads     how many of them are turned, from the left; the others stay as they are
     * @param allHeads  J
     * @param headWidth K
     * @throws IllegalArgumentException if R exceeds K, or R / 2 does not divide it
     */
    public SDVariable rope(SDVariable x, Rotation rotation, int heads, int allHeads, int headWidth) {
        int half = rotation.dimensions() / 2;
        if (2 * half > headWidth || headWidth % half != 0) {
            throw new IllegalArgumentException("cannot turn " + 2 * half + " dimensions of heads " + headWidth
                    + " wide: half of them must divide it");
        }
        if (fused()) {
            return new Rope(graph, x, rotation.cos(), rotation.sin(), heads, headWidth).outputVariable();
        }
        INDArray turned = Nd4j.zeros(rotation.cos().dataType(), 1, allHeads, 1);
        turned.get(NDArrayIndex.all(), NDArrayIndex.interval(0, heads)).assign(1);
        // [N, J, R / 2]
        SDVariable cos = graph.reshape(rotation.cos(), -1, 1, half).mul(graph.constant(turned)).add(graph.constant(turned.rsub(1)));
        SDVariable sin = graph.reshape(rotation.sin(), -1, 1, half).mul(graph.constant(turned));
        // the array is the op's own
        SDVariable[] parts = graph.split(graph.reshape(x, -1, allHeads, headWidth), headWidth / half, 2).clone();
        SDVariable a = parts[0];
        SDVariable b = parts[1];
        parts[0] = a.mul(cos).sub(b.mul(sin));
        parts[1] = b.mul(cos).add(a.mul(sin));
        return graph.reshape(graph.concat(2, parts), -1, allHeads * headWidth);
    }

    /**
     * Rows of A groups of B parts become rows of B groups of A parts: x {@code [N, A B K]} as {@code [N, A, B, K]}, the two in the middle
     * exchanged.
     *
     * @param groups A
     * @param parts  B
     * @param width  K
     */
    public SDVariable regroup(SDVariable x, int groups, int parts, int width) {
        if (fused()) {
            return new Regroup(graph, x, groups, parts, width).outputVariable();
        }
        return graph.reshape(graph.permute(graph.reshape(x, -1, groups, parts, width), 0, 2, 1, 3), -1, groups * parts * width);
    }

    /**
     * What scores gain with the distance of a key (Raffel et al. 2020, arXiv 1910.10683, section 2.1), for each head of its own.
     *
     * @param table   {@code [buckets, H]}
     * @param buckets which offsets, position of the key less that of the query, share a row of the table
     */
    public record RelativeBias(SDVariable table, RelativeBuckets buckets) {
    }

    /**
     * Whom each token of a row attends to among the tokens of the row, and what is added to the scores. One serves all layers of a model.
     */
    public sealed interface Sight permits Causality, SameSegment {

        /** int32 {@code [B, T]}. */
        SDVariable positions();

        /** int32 {@code [B, T]}. */
        SDVariable segments();

        /** Added by the distance of a key, or empty. */
        Optional<RelativeBias> bias();

        /**
         * All that is added to scores, {@code [B, 1 or H, T, T]}, row the query, column the key; null where the kernel does not need it.
         */
        SDVariable scores();
    }

    /**
     * Each token attends to the tokens of the same segment at positions up to its own, as in a decoder.
     *
     * @param positions distinct within a segment
     */
    public record Causality(SDVariable positions, SDVariable segments, Optional<RelativeBias> bias, SDVariable scores) implements Sight {
    }

    /** Each token attends to all tokens of the same segment, as in an encoder. */
    public record SameSegment(SDVariable positions, SDVariable segments, Optional<RelativeBias> bias, SDVariable scores) implements Sight {
    }

    /** {@link #causality(SDVariable, SDVariable, DataType, Optional)} without a bias. */
    public Causality causality(SDVariable positions, SDVariable segments, DataType type) {
        return causality(positions, segments, type, Optional.empty());
    }

    /**
     * Makes a {@link Causality}.
     *
     * @param positions int32 {@code [B, T]}, distinct within a segment
     * @param segments  int32 {@code [B, T]}
     * @param type      of the scores
     */
    public Causality causality(SDVariable positions, SDVariable segments, DataType type, Optional<RelativeBias> bias) {
        SDVariable scores = fused() ? null : scores(attention.sameSegmentAndNotLater(positions, segments, type), positions, type, bias);
        return new Causality(positions, segments, bias, scores);
    }

    /**
     * Makes a {@link SameSegment}.
     *
     * @param positions int32 {@code [B, T]}: what a bias goes by
     * @param segments  int32 {@code [B, T]}
     * @param type      of the scores
     */
    public SameSegment sameSegment(SDVariable positions, SDVariable segments, DataType type, Optional<RelativeBias> bias) {
        SDVariable scores = fused() ? null : scores(attention.sameSegment(segments, segments, type), positions, type, bias);
        return new SameSegment(positions, segments, bias, scores);
    }

    private SDVariable scores(SDVariable visible, SDVariable positions, DataType type, Optional<RelativeBias> bias) {
        SDVariable hidden = attention.hidden(visible);
        return bias.map(b -> attention.biases(b, positions, type).add(hidden)).orElse(hidden);
    }

    /**
     * Multi-head self-attention, softmax(q k^T / sqrt(K)) v over what each token may attend to.
     *
     * @param qkv   {@code [N, 3 D]}: query, key and value side by side
     * @param width D
     * @param heads H, a divisor of D
     * @return {@code [N, D]}
     */
    public SDVariable attention(SDVariable qkv, Causality causality, int width, int heads) {
        return attention(qkv, causality, width / heads, heads, heads);
    }

    /**
     * Multi-head self-attention in which H / G queries in a row share a key and a value (Ainslie et al. 2023, "GQA").
     *
     * @param qkv           {@code [N, (H + 2 G) K]}: H queries, G keys and G values side by side
     * @param headWidth     K
     * @param heads         H
     * @param keyValueHeads G, a divisor of H
     * @return {@code [N, H K]}
     */
    public SDVariable attention(SDVariable qkv, Causality causality, int headWidth, int heads, int keyValueHeads) {
        return attention(qkv, causality, AttentionShape.scaled(headWidth, heads, keyValueHeads));
    }

    /**
     * Multi-head self-attention, softmax(scale q k^T + bias) v over what each token may attend to.
     *
     * @param qkv {@code [N, (H + 2 G) K]}: H queries, G keys and G values side by side
     * @return {@code [N, H K]}
     */
    public SDVariable attention(SDVariable qkv, Sight sight, AttentionShape shape) {
        if (fused()) {
            boolean causal = sight instanceof Causality;
            return sight.bias().map(bias -> Attention.biased(graph, qkv, sight.positions(), sight.segments(), causal, bias.table(),
                    bias.buckets(),
                            shape.heads(), shape.keyValueHeads(), shape.scale()))
                    .orElseGet(() -> Attention.within(graph, qkv, sight.positions(), sight.segments(), causal, shape.heads(),
                    shape.keyValueHeads(),
                            shape.scale()))
                    .context();
        }
        return attention.self(qkv, sight, shape);
    }

    /**
     * Which tokens of another sequence each token attends to: all of the same segment number. One serves all layers of a model.
     *
     * @param querySegments int32 {@code [B, T]}
     * @param keySegments   int32 {@code [B, S]}
     * @param scores        the same to be added to scores, {@code [B, 1, T, S]}; null where the kernel does not need it
     * @param seeing        1 where a query sees any key, else 0, {@code [B, 1, T, 1]}; null where the kernel does not need it
     */
    public record CrossSight(SDVariable querySegments, SDVariable keySegments, SDVariable scores, SDVariable seeing) {
    }

    /** Makes a {@link CrossSight}. {@code type} is that of the scores. */
    public CrossSight crossSight(SDVariable querySegments, SDVariable keySegments, DataType type) {
        if (fused()) {
            return new CrossSight(querySegments, keySegments, null, null);
        }
        SDVariable visible = attention.sameSegment(querySegments, keySegments, type);
        SDVariable seeing = attention.seeing(visible);
        // ND4J's softmax of scores that are all hidden is NaN; these are left as they are, and their context is made 0
        return new CrossSight(querySegments, keySegments, attention.hidden(visible).mul(seeing), seeing);
    }

    /**
     * Multi-head attention of B sequences of T tokens to B others of S tokens, softmax(scale q k^T) v; 0 for a query that sees no key.
     *
     * @param query    {@code [B T, H K]}
     * @param keyValue {@code [B S, 2 G K]}: G keys, then G values
     * @return {@code [B T, H K]}
     */
    public SDVariable crossAttention(SDVariable query, SDVariable keyValue, CrossSight sight, AttentionShape shape) {
        if (fused()) {
            return Attention.across(graph, query, keyValue, sight.querySegments(), sight.keySegments(), shape.heads(),
                    shape.keyValueHeads(),
                    shape.scale()).context();
        }
        return attention.cross(query, keyValue, sight, shape);
    }

    /**
     * The tokens {@link #cachedAttention} attends to besides the new one, C at most.
     *
     * @param lengths how many tokens of each row are cached, int32 {@code [R]}, -1 for an idle row; read where fused
     * @param mask    {@code [R, 1, 1, C]}, added to the scores of the cached tokens: 0, or {@link #NONE} where there is none; read where
     *                not fused
     * @param keys    {@code [R, G, C, K]}
     * @param values  {@code [R, G, C, K]}
     */
    public record Cache(SDVariable lengths, SDVariable mask, SDVariable keys, SDVariable values) {

        /** Far below any score, and finite so that no NaN can arise. */
        public static final float NONE = -1e9f;
    }

    /**
     * The outputs of {@link #cachedAttention}.
     *
     * @param context {@code [R, H K]}
     * @param key     of the new token, {@code [R, G, 1, K]}, to be put into the cache; null where fused: the op has put it there
     * @param value   of the new token, as {@code key}
     */
    public record Cached(SDVariable context, SDVariable key, SDVariable value) {
    }

    /**
     * {@link #attention(SDVariable, Causality, int, int, int)} of one new token in each of R rows over the tokens in a cache and itself.
     *
     * @param qkv           {@code [R, (H + 2 G) K]}
     * @param headWidth     K
     * @param heads         H
     * @param keyValueHeads G, a divisor of H
     */
    public Cached cachedAttention(SDVariable qkv, Cache cache, int headWidth, int heads, int keyValueHeads) {
        return cachedAttention(qkv, cache, AttentionShape.scaled(headWidth, heads, keyValueHeads), Optional.empty());
    }

    /**
     * {@link #attention(SDVariable, Sight, AttentionShape)} of one new token in each of R rows over the tokens in a cache and itself.
     * Positions are 0, 1, ... for the cached tokens as they lie, and their number for the new one.
     *
     * @param qkv  {@code [R, (H + 2 G) K]}
     * @param bias added to scores, or empty
     */
    public Cached cachedAttention(SDVariable qkv, Cache cache, AttentionShape shape, Optional<RelativeBias> bias) {
        if (fused()) {
            CachedAttention op = bias.map(b -> new CachedAttention(graph, qkv, cache.lengths(), cache.keys(), cache.values(), b.table(),
                    b.buckets(),
                            shape.heads(), shape.keyValueHeads(), shape.scale()))
                    .orElseGet(() -> new CachedAttention(graph, qkv, cache.lengths(), cache.keys(), cache.values(), shape.heads(),
                            shape.keyValueHeads(), shape.scale()));
            return new Cached(op.outputVariable(), null, null);
        }
        return attention.cached(qkv, cache, shape, bias);
    }

    /**
     * The outputs of {@link #softValues}.
     *
     * @param value   V = tau logsumexp(z / tau), the soft maximum, {@code [N]}
     * @param chosen  q = z[x], {@code [N]}
     * @param entropy H of softmax(z / tau) in nats, {@code [N]}, for logging: without gradient where fused
     */
    public record SoftValue(SDVariable value, SDVariable chosen, SDVariable entropy) {
    }

    /**
     * Reduces each row of logits z {@code [N, V]} to its soft maximum, the logit that is picked by {@code actions} int32 {@code [N]}, and
     * the entropy.
     */
    public SoftValue softValues(SDVariable logits, SDVariable actions, double tau, int vocabulary, DataType type) {
        if (fused()) {
            SDVariable[] out = new SoftValues(graph, logits, actions, tau).outputVariables();
            return new SoftValue(out[0], out[1], out[2]);
        }
        SDVariable scaled = logits.mul(1 / tau);
        SDVariable max = stopGradient(scaled.max(true, 1));
        SDVariable shifted = scaled.sub(max);
        SDVariable exp = graph.math().exp(shifted);
        SDVariable sum = exp.sum(1);
        SDVariable log = graph.math().log(sum);
        SDVariable value = log.add(graph.reshape(max, -1)).mul(tau);
        SDVariable chosen = logits.mul(graph.oneHot(actions, vocabulary, 1, 1.0, 0.0, type)).sum(1);
        SDVariable entropy = log.sub(exp.mul(shifted).sum(1).div(sum));
        return new SoftValue(value, chosen, entropy);
    }

    /** Whether output layer and loss are one op here: {@link io.softq4j.graph.kernel.ChunkedHead}. */
    public boolean fusesHead() {
        return fused();
    }

    /** The same values; the gradient ends here. */
    public SDVariable stopGradient(SDVariable x) {
        return new StopGradient(graph, x).outputVariable();
    }

    private boolean fused() {
        return lowering == Lowering.FUSED;
    }
}

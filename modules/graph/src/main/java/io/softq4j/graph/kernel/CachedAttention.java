package io.softq4j.graph.kernel;

import io.softq4j.graph.machine.Memory;
import io.softq4j.graph.machine.Products;
import io.softq4j.graph.machine.Rows;
import io.softq4j.graph.machine.Scratch;
import io.softq4j.graph.machine.Tile;
import io.softq4j.graph.machine.Workers;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * {@link Attention} of one new token in each of R rows over the tokens of the row in a cache and itself. The op writes the new key and value into
 * the cache, in place.
 *
 * <p>Inputs q k v side by side {@code [R, (H + 2 G) K]} float32; how many tokens of each row are cached {@code [R]} int32, -1 for an idle row, which
 * costs nothing; the caches of keys and of values, {@code [R, G, C, K]} float32 each: a head's keys lie one after another, as both products with
 * them read them; with a bias, its table {@code [buckets, H]}. A cached token's position is its place in the cache. Output context
 * {@code [R, H K]}, 0 in idle rows. For generation alone: without gradient.
 */
public final class CachedAttention extends KernelOp {

    /** Scores are padded with minus infinity to whole tiles. */
    private static final int TILE = Visibility.TILE;

    private final int heads;
    private final int keyValueHeads;
    private final double scale;
    private final Optional<RelativeBuckets> buckets;

    /** Adds the op to {@code graph}. @param keyValueHeads G, a divisor of {@code heads} */
    public CachedAttention(SameDiff graph, SDVariable qkv, SDVariable cached, SDVariable keys, SDVariable values, int heads, int keyValueHeads,
            double scale) {
        this(graph, heads, keyValueHeads, scale, Optional.empty(), qkv, cached, keys, values);
    }

    /** With a bias by the positions of query and key. @param table {@code [buckets, H]} */
    public CachedAttention(SameDiff graph, SDVariable qkv, SDVariable cached, SDVariable keys, SDVariable values, SDVariable table,
            RelativeBuckets buckets, int heads, int keyValueHeads, double scale) {
        this(graph, heads, keyValueHeads, scale, Optional.of(buckets), qkv, cached, keys, values, table);
    }

    private CachedAttention(SameDiff graph, int heads, int keyValueHeads, double scale, Optional<RelativeBuckets> buckets, SDVariable... inputs) {
        super(1, graph, inputs);
        this.heads = heads;
        this.keyValueHeads = keyValueHeads;
        this.scale = scale;
        this.buckets = buckets;
        addIArgument(heads, keyValueHeads);
        addTArgument(scale);
    }

    @Override
    public List<long[]> outputShapes(List<long[]> inputs) {
        return List.of(new long[] {inputs.get(0)[0], (long) heads * Layout.headWidth(inputs.get(0)[1], heads, keyValueHeads)});
    }

    @Override
    public List<SDVariable> doDiff(List<SDVariable> gradients) {
        throw new UnsupportedOperationException(getOwnName() + " attends over a cache that holds values alone, and has no gradient");
    }

    @Override
    public Runnable bind(List<INDArray> inputs, List<INDArray> outputs) {
        int rows = (int) inputs.get(0).size(0);
        Layout layout = Layout.sideBySide(rows, 1, inputs.get(0).size(1), heads, keyValueHeads);
        Optional<OffsetBias> bias = buckets.map(b -> new OffsetBias(b, Memory.floats(inputs.get(4)), heads));
        return new Kernel(layout, (int) inputs.get(2).size(2), (float) scale, bias, inputs, outputs.get(0));
    }

    private static final class Kernel implements Runnable {

        private final Layout layout;
        private final int capacity;
        private final FloatBuffer qkv;
        private final IntBuffer cached;
        private final FloatBuffer keys;
        private final FloatBuffer values;
        private final FloatBuffer context;
        private final long qkvAddress;
        private final long keysAddress;
        private final long valuesAddress;
        private final long contextAddress;
        private final float scale;
        private final Optional<OffsetBias> bias;
        private final Workers.Piece piece = this::head;

        Kernel(Layout layout, int capacity, float scale, Optional<OffsetBias> bias, List<INDArray> inputs, INDArray context) {
            this.layout = layout;
            this.capacity = capacity;
            this.qkv = Memory.floats(inputs.get(0));
            this.cached = Memory.ints(inputs.get(1));
            this.keys = Memory.floats(inputs.get(2));
            this.values = Memory.floats(inputs.get(3));
            this.context = Memory.floats(context);
            this.qkvAddress = Memory.address(inputs.get(0));
            this.keysAddress = Memory.address(inputs.get(2));
            this.valuesAddress = Memory.address(inputs.get(3));
            this.contextAddress = Memory.address(context);
            this.scale = scale;
            this.bias = bias;
        }

        @Override
        public void run() {
            for (int row = 0; row < layout.sequences(); row++) {
                if (cached.get(row) >= capacity) {
                    throw new IllegalArgumentException("row " + row + " has " + cached.get(row) + " tokens cached, as many as the cache of "
                            + capacity + " holds: there is no place for another");
                }
            }
            bias.ifPresent(OffsetBias::look);
            Workers.forEach(layout.sequences() * layout.keyValueHeads(), piece);
        }

        /** The queries of one row that share a key and a value. */
        private void head(int index) {
            int row = index / layout.keyValueHeads();
            int keyValueHead = index % layout.keyValueHeads();
            int headWidth = layout.headWidth();
            int group = layout.group();
            int contextAt = (int) layout.context(row, 0, keyValueHead * group);
            int count = cached.get(row) + 1;
            float[] line = Scratch.row(5, group * headWidth);
            if (count < 1) {
                Arrays.fill(line, 0, group * headWidth, 0f);
                context.put(contextAt, line, 0, group * headWidth);
                return;
            }
            int cacheAt = index * capacity * headWidth;
            append(keys, cacheAt + (count - 1) * headWidth, (int) layout.key(row, 0, keyValueHead), line);
            append(values, cacheAt + (count - 1) * headWidth, (int) layout.value(row, 0, keyValueHead), line);
            int padded = (count + TILE - 1) / TILE * TILE;
            Tile scores = Tile.ofThread(0, group * padded);
            Products.multiply('N', 'T', group, count, headWidth, scale, at(qkvAddress, layout.query(row, 0, keyValueHead * group)), headWidth,
                    at(keysAddress, cacheAt), headWidth, 0, scores.address(), padded);
            for (int query = 0; query < group; query++) {
                softmax(keyValueHead * group + query, scores.floats(), query * padded, count, padded);
            }
            Products.nn(group, headWidth, count, scores.address(), padded, at(valuesAddress, cacheAt), headWidth, 0,
                    at(contextAddress, contextAt), headWidth);
        }

        private void append(FloatBuffer cache, int at, int from, float[] line) {
            qkv.get(from, line, 0, layout.headWidth());
            cache.put(at, line, 0, layout.headWidth());
        }

        /** One row of scores, folded into a tile whose columns all have the same greatest score. */
        private void softmax(int head, FloatBuffer scores, int at, int count, int padded) {
            float[] weights = Scratch.row(0, padded);
            float[] most = Scratch.row(1, TILE);
            float[] totals = Scratch.row(2, TILE);
            scores.get(at, weights, 0, count);
            for (int key = 0; bias.isPresent() && key < count; key++) {
                weights[key] += bias.get().of(head, count - 1, key);
            }
            Arrays.fill(weights, count, padded, Float.NEGATIVE_INFINITY);
            Arrays.fill(most, 0, TILE, Rows.max(weights, count));
            Arrays.fill(totals, 0, TILE, 0f);
            Columns.exp(weights, padded / TILE, TILE, most, totals);
            Rows.scale(weights, 0, count, 1 / Rows.sum(totals, TILE));
            scores.put(at, weights, 0, count);
        }

        private static long at(long array, long element) {
            return array + element * Float.BYTES;
        }
    }
}

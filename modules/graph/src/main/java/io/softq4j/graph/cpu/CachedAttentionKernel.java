package io.softq4j.graph.cpu;

import io.softq4j.graph.device.Work;
import io.softq4j.graph.kernel.CachedAttention;
import io.softq4j.graph.kernel.Layout;
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
import org.nd4j.linalg.api.ndarray.INDArray;

/** {@link CachedAttention}; one piece has the queries of one row that share a key and a value. */
final class CachedAttentionKernel implements Work {

    /** Scores are padded with minus infinity to whole tiles. */
    private static final int TILE = Visibility.TILE;

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

    CachedAttentionKernel(CachedAttention op, List<INDArray> inputs, List<INDArray> outputs) {
        this.layout = op.layout(inputs.stream().map(INDArray::shape).toList());
        this.capacity = (int) inputs.get(2).size(2);
        this.qkv = Memory.floats(inputs.get(0));
        this.cached = Memory.ints(inputs.get(1));
        this.keys = Memory.floats(inputs.get(2));
        this.values = Memory.floats(inputs.get(3));
        this.context = Memory.floats(outputs.get(0));
        this.qkvAddress = Memory.address(inputs.get(0));
        this.keysAddress = Memory.address(inputs.get(2));
        this.valuesAddress = Memory.address(inputs.get(3));
        this.contextAddress = Memory.address(outputs.get(0));
        this.scale = (float) op.scale();
        this.bias = op.buckets().map(b -> new OffsetBias(b, Memory.floats(inputs.get(4)), layout.heads()));
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

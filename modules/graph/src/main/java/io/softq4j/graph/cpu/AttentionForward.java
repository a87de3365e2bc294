package io.softq4j.graph.cpu;

import static io.softq4j.graph.cpu.Visibility.BLOCK;
import static io.softq4j.graph.cpu.Visibility.TILE;

import io.softq4j.graph.device.Work;
import io.softq4j.graph.kernel.Attention;
import io.softq4j.graph.kernel.AttentionSpec;
import io.softq4j.graph.kernel.Layout;
import io.softq4j.graph.machine.Memory;
import io.softq4j.graph.machine.Products;
import io.softq4j.graph.machine.Rows;
import io.softq4j.graph.machine.Scratch;
import io.softq4j.graph.machine.Tile;
import io.softq4j.graph.machine.Workers;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The context of {@link Attention}, one tile of queries after another. Scores are kept with keys down and queries across,
 * {@code [keys, TILE]}: then softmax works on columns and both products read q, k and v where they lie.
 */
final class AttentionForward implements Work {

    /** Where the greatest score starts: below any score, and finite, so that less than it differs from it by an infinity and not by NaN. */
    private static final float LOWEST = -1e30f;

    private final Layout layout;
    private final Visibility visibility;
    private final Optional<OffsetBias> bias;
    private final long query;
    private final long keyValue;
    private final FloatBuffer context;
    private final FloatBuffer logSums;
    private final float scale;
    private final int parts;
    private final Workers.Piece piece = this::part;

    AttentionForward(AttentionSpec spec, List<INDArray> inputs, INDArray context, INDArray logSums) {
        this.layout = spec.layout(inputs.stream().map(INDArray::shape).toList());
        this.visibility = Visibility.of(spec, inputs);
        this.bias = OffsetBias.of(spec, inputs);
        this.query = Memory.address(inputs.get(0));
        this.keyValue = Memory.address(inputs.get(spec.keyValues()));
        this.context = Memory.floats(context);
        this.logSums = Memory.floats(logSums);
        this.scale = (float) spec.scale();
        this.parts = parts(layout, visibility.queries().tiles());
    }

    /** How many pieces the queries of one head are dealt out to, for every thread to have some. */
    private static int parts(Layout layout, int tiles) {
        int heads = layout.sequences() * layout.heads();
        return Math.min(tiles, (2 * Workers.THREADS + heads - 1) / heads);
    }

    @Override
    public void run() {
        visibility.look();
        bias.ifPresent(OffsetBias::look);
        Workers.forEach(layout.sequences() * layout.heads() * parts, piece);
    }

    private void part(int index) {
        int head = index / parts;
        for (int tile = index % parts; tile < visibility.queries().tiles(); tile += parts) {
            tile(head / layout.heads(), head % layout.heads(), tile);
        }
    }

    private void tile(int sequence, int head, int tile) {
        int queries = visibility.queries().tokens(tile);
        int headWidth = layout.headWidth();
        Tile sum = Tile.ofThread(1, TILE * headWidth);
        float[] most = Scratch.row(1, TILE);
        float[] totals = Scratch.row(2, TILE);
        Arrays.fill(most, 0, TILE, LOWEST);
        Arrays.fill(totals, 0, TILE, 0f);
        boolean first = true;
        int from = visibility.next(sequence, tile, 0);
        while (from < visibility.keys().tiles()) {
            int to = visibility.end(sequence, tile, from);
            block(sequence, head, tile, from, to, first, sum);
            first = false;
            from = visibility.next(sequence, tile, to);
        }
        float[] rows = Scratch.row(5, TILE * headWidth);
        if (first) {
            Arrays.fill(rows, 0, queries * headWidth, 0f);
        } else {
            sum.floats().get(0, rows, 0, queries * headWidth);
        }
        for (int i = 0; i < queries; i++) {
            Rows.scale(rows, i * headWidth, headWidth, totals[i] > 0 ? 1 / totals[i] : 0); // 0 where no key is seen
            context.put((int) layout.context(sequence, tile * TILE + i, head), rows, i * headWidth, headWidth);
        }
        Columns.logSum(most, totals, most);
        logSums.put(layout.lane(sequence, head, tile * TILE), most, 0, queries);
    }

    /** Adds what a tile of queries sees in tiles {@code from} to {@code to} of keys. */
    private void block(int sequence, int head, int tile, int from, int to, boolean first, Tile sum) {
        int queries = visibility.queries().tokens(tile);
        int keys = (to - 1 - from) * TILE + visibility.keys().tokens(to - 1);
        int keyValueHead = head / layout.group();
        Tile scores = Tile.ofThread(0, TILE * TILE * BLOCK);
        Products.multiply('N', 'T', keys, queries, layout.headWidth(), scale, at(keyValue, layout.key(sequence, from * TILE, keyValueHead)),
                layout.keyStride(), at(query, layout.query(sequence, tile * TILE, head)), layout.queryStride(), 0, scores.address(), TILE);
        float[] weights = Scratch.row(0, TILE * TILE * BLOCK);
        scores.floats().get(0, weights, 0, keys * TILE);
        if (bias.isPresent()) {
            addBias(bias.get(), sequence, head, tile, from, to, weights);
        }
        visibility.hide(sequence, tile, from, to, weights);
        softmax(weights, keys, queries, first, sum);
        scores.floats().put(0, weights, 0, keys * TILE);
        Products.multiply('T', 'N', queries, layout.headWidth(), keys, 1, scores.address(), TILE,
                at(keyValue, layout.value(sequence, from * TILE, keyValueHead)), layout.keyStride(), first ? 0 : 1, sum.address(),
                layout.headWidth());
    }

    private void addBias(OffsetBias biases, int sequence, int head, int tile, int from, int to, float[] scores) {
        Tokens queries = visibility.queries();
        Tokens keys = visibility.keys();
        for (int key = from; key < to; key++) {
            biases.add(head, queries, sequence * queries.tiles() + tile, queries.tokens(tile), keys, sequence * keys.tiles() + key,
                    keys.tokens(key),
                    scores, (key - from) * TILE * TILE);
        }
    }

    /** From scores to weights relative to the greatest score so far; what was added up before is made relative to it, too. */
    private void softmax(float[] weights, int keys, int queries, boolean first, Tile sum) {
        float[] most = Scratch.row(1, TILE);
        float[] totals = Scratch.row(2, TILE);
        float[] factors = Scratch.row(3, TILE);
        System.arraycopy(most, 0, factors, 0, TILE);
        Columns.max(weights, keys, queries, most);
        if (!first && !Arrays.equals(factors, 0, queries, most, 0, queries)) {
            Columns.exp(factors, 1, queries, most, Scratch.row(4, TILE));
            Columns.times(totals, factors);
            shrink(sum.floats(), queries, factors);
        }
        Columns.exp(weights, keys, queries, most, totals);
    }

    private void shrink(FloatBuffer sum, int queries, float[] factors) {
        int headWidth = layout.headWidth();
        float[] rows = Scratch.row(5, TILE * headWidth);
        sum.get(0, rows, 0, queries * headWidth);
        for (int i = 0; i < queries; i++) {
            Rows.scale(rows, i * headWidth, headWidth, factors[i]);
        }
        sum.put(0, rows, 0, queries * headWidth);
    }

    private static long at(long array, long element) {
        return array + element * Float.BYTES;
    }
}

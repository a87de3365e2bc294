package io.softq4j.graph.cpu;

import static io.softq4j.graph.cpu.Visibility.BLOCK;
import static io.softq4j.graph.cpu.Visibility.TILE;

import io.softq4j.graph.device.Work;
import io.softq4j.graph.kernel.Attention;
import io.softq4j.graph.kernel.AttentionSpec;
import io.softq4j.graph.kernel.Layout;
import io.softq4j.graph.kernel.RelativeBuckets;
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
 * The gradient of {@link Attention}, in the tiles of {@link AttentionForward}. With p the attention weights, made again from the log-sums,
 * o the context and do its gradient: dv_j = sum_i p_ij do_i; ds_ij = p_ij (do_i . v_j - do_i . o_i), which is the gradient of the bias of i
 * and j, too; dq_i = scale sum_j ds_ij k_j; dk_j = scale sum_i ds_ij q_i. One piece has all queries that share a key and value, so that
 * nothing is added up between threads but the gradients of biases, and these by sequences, in their order.
 */
final class AttentionBackward implements Work {

    private static final int SUMS_SLOT = 7;

    private final Layout layout;
    private final Visibility visibility;
    private final Optional<OffsetBias> bias;
    private final long query;
    private final long keyValue;
    private final long dContext;
    private final long dQuery;
    private final long dKeyValue;
    private final FloatBuffer context;
    private final FloatBuffer dContextFloats;
    private final FloatBuffer logSums;
    private final float scale;
    /** Tiles of each key and value that hold a gradient already. */
    private final boolean[][] begun; // [B G][tiles]
    private final double[][] dBiases; // [B H][buckets], none without a bias
    private final FloatBuffer dTable; // [buckets, H], null without a bias
    private final Workers.Piece piece = this::head;

    AttentionBackward(AttentionSpec spec, List<INDArray> inputs, List<INDArray> outputs) {
        INDArray dContextArray = inputs.get(spec.inputs() + 2);
        this.layout = spec.layout(inputs.stream().map(INDArray::shape).toList());
        this.visibility = Visibility.of(spec, inputs);
        this.bias = OffsetBias.of(spec, inputs);
        this.query = Memory.address(inputs.get(0));
        this.keyValue = Memory.address(inputs.get(spec.keyValues()));
        this.dContext = Memory.address(dContextArray);
        this.dQuery = Memory.address(outputs.get(0));
        this.dKeyValue = Memory.address(outputs.get(spec.keyValues()));
        this.context = Memory.floats(inputs.get(spec.inputs()));
        this.dContextFloats = Memory.floats(dContextArray);
        this.logSums = Memory.floats(inputs.get(spec.inputs() + 1));
        this.scale = (float) spec.scale();
        this.begun = new boolean[layout.sequences() * layout.keyValueHeads()][visibility.keys().tiles()];
        int buckets = spec.buckets().map(RelativeBuckets::count).orElse(0);
        this.dBiases = new double[buckets == 0 ? 0 : layout.sequences() * layout.heads()][buckets];
        this.dTable = buckets == 0 ? null : Memory.floats(outputs.get(1));
    }

    @Override
    public void run() {
        visibility.look();
        bias.ifPresent(OffsetBias::look);
        Workers.forEach(begun.length, piece);
        if (dTable != null) {
            addBiasGradients();
        }
    }

    private void addBiasGradients() {
        for (int i = 0; i < dTable.capacity(); i++) {
            double sum = 0;
            for (int sequence = 0; sequence < layout.sequences(); sequence++) {
                sum += dBiases[sequence * layout.heads() + i % layout.heads()][i / layout.heads()];
            }
            dTable.put(i, (float) (dTable.get(i) + sum));
        }
    }

    /** All queries of one key and value head. */
    private void head(int index) {
        int sequence = index / layout.keyValueHeads();
        int keyValueHead = index % layout.keyValueHeads();
        Arrays.fill(begun[index], false);
        for (int head = keyValueHead * layout.group(); head < (keyValueHead + 1) * layout.group(); head++) {
            if (bias.isPresent()) {
                Arrays.fill(dBiases[sequence * layout.heads() + head], 0);
                Arrays.fill(biasSums(bias.get()), 0, bias.get().places(), 0f);
            }
            for (int tile = 0; tile < visibility.queries().tiles(); tile++) {
                tile(sequence, head, tile, begun[index]);
            }
        }
        for (int tile = 0; tile < begun[index].length; tile++) {
            if (!begun[index][tile]) { // seen by nobody
                int keys = visibility.keys().tokens(tile);
                clear(keys, at(dKeyValue, layout.key(sequence, tile * TILE, keyValueHead)), layout.keyStride());
                clear(keys, at(dKeyValue, layout.value(sequence, tile * TILE, keyValueHead)), layout.keyStride());
            }
        }
    }

    private void clear(int rows, long at, int stride) {
        Products.clear(rows, layout.headWidth(), at, stride);
    }

    private static float[] biasSums(OffsetBias biases) {
        return Scratch.row(SUMS_SLOT, biases.places());
    }

    private void tile(int sequence, int head, int tile, boolean[] begunTiles) {
        float[] shift = Scratch.row(2, TILE);
        logSums.get(layout.lane(sequence, head, tile * TILE), shift, 0, visibility.queries().tokens(tile));
        means(sequence, head, tile, Scratch.row(3, TILE));
        boolean first = true;
        int from = visibility.next(sequence, tile, 0);
        while (from < visibility.keys().tiles()) {
            int to = visibility.end(sequence, tile, from);
            scores(sequence, head, tile, from, to);
            queryGradient(sequence, head, tile, from, to, first);
            int start = from;
            while (start < to) {
                int end = start + 1;
                while (end < to && begunTiles[end] == begunTiles[start]) {
                    end++;
                }
                keyValueGradient(sequence, head, tile, from, start, end, begunTiles[start]);
                Arrays.fill(begunTiles, start, end, true);
                start = end;
            }
            first = false;
            from = visibility.next(sequence, tile, to);
        }
        if (first) {
            clear(visibility.queries().tokens(tile), at(dQuery, layout.query(sequence, tile * TILE, head)), layout.queryStride());
        }
        if (bias.isPresent()) {
            bias.get().toBuckets(biasSums(bias.get()), dBiases[sequence * layout.heads() + head]);
        }
    }

    /** do_i . o_i. */
    private void means(int sequence, int head, int tile, float[] means) {
        float[] a = Scratch.row(4, layout.headWidth());
        float[] b = Scratch.row(5, layout.headWidth());
        for (int i = 0; i < visibility.queries().tokens(tile); i++) {
            int at = (int) layout.context(sequence, tile * TILE + i, head);
            context.get(at, a, 0, layout.headWidth());
            dContextFloats.get(at, b, 0, layout.headWidth());
            means[i] = Rows.dot(a, b, layout.headWidth());
        }
    }

    private int keys(int from, int to) {
        return (to - 1 - from) * TILE + visibility.keys().tokens(to - 1);
    }

    private static Tile weights() {
        return Tile.ofThread(0, TILE * TILE * BLOCK);
    }

    private static Tile scoreGradients() {
        return Tile.ofThread(1, TILE * TILE * BLOCK);
    }

    /** p and ds, both {@code [keys, TILE]}. */
    private void scores(int sequence, int head, int tile, int from, int to) {
        int queries = visibility.queries().tokens(tile);
        int keys = keys(from, to);
        int keyValueHead = head / layout.group();
        Products.multiply('N', 'T', keys, queries, layout.headWidth(), scale, at(keyValue, layout.key(sequence, from * TILE, keyValueHead)),
                layout.keyStride(), at(query, layout.query(sequence, tile * TILE, head)), layout.queryStride(), 0, weights().address(),
                TILE);
        Products.nt(keys, queries, layout.headWidth(), at(keyValue, layout.value(sequence, from * TILE, keyValueHead)), layout.keyStride(),
                at(dContext, layout.context(sequence, tile * TILE, head)), layout.width(), 0, scoreGradients().address(), TILE);
        for (int key = from; key < to; key++) {
            scoresOfTile(sequence, head, tile, key, (key - from) * TILE * TILE);
        }
    }

    /** From scores and do . v, which start at {@code at}, to p and ds of one tile of keys. */
    private void scoresOfTile(int sequence, int head, int tile, int key, int at) {
        float[] p = Scratch.row(0, TILE * TILE);
        float[] ds = Scratch.row(1, TILE * TILE);
        int queries = visibility.queries().tokens(tile);
        int keys = visibility.keys().tokens(key);
        weights().floats().get(at, p, 0, keys * TILE);
        scoreGradients().floats().get(at, ds, 0, keys * TILE);
        int queryTile = sequence * visibility.queries().tiles() + tile;
        int keyTile = sequence * visibility.keys().tiles() + key;
        if (bias.isPresent()) {
            bias.get().add(head, visibility.queries(), queryTile, queries, visibility.keys(), keyTile, keys, p, 0);
        }
        visibility.hide(sequence, tile, key, key + 1, p);
        Columns.exp(p, keys, queries, Scratch.row(2, TILE), Scratch.row(6, TILE));
        Columns.timesDifference(p, ds, keys, queries, Scratch.row(3, TILE));
        if (bias.isPresent()) {
            bias.get().collect(visibility.queries(), queryTile, queries, visibility.keys(), keyTile, keys, ds, biasSums(bias.get()));
        }
        weights().floats().put(at, p, 0, keys * TILE);
        scoreGradients().floats().put(at, ds, 0, keys * TILE);
    }

    private void queryGradient(int sequence, int head, int tile, int from, int to, boolean first) {
        Products.multiply('T', 'N', visibility.queries().tokens(tile), layout.headWidth(), keys(from, to), scale,
                scoreGradients().address(), TILE,
                at(keyValue, layout.key(sequence, from * TILE, head / layout.group())), layout.keyStride(), first ? 0 : 1,
                at(dQuery, layout.query(sequence, tile * TILE, head)), layout.queryStride());
    }

    /** Of tiles {@code start} to {@code end} of keys, in scores that begin with tile {@code from}. */
    private void keyValueGradient(int sequence, int head, int tile, int from, int start, int end, boolean add) {
        int queries = visibility.queries().tokens(tile);
        int keys = keys(start, end);
        int keyValueHead = head / layout.group();
        long scoresAt = (long) (start - from) * TILE * TILE;
        Products.multiply('N', 'N', keys, layout.headWidth(), queries, 1, weights().at(scoresAt), TILE,
                at(dContext, layout.context(sequence, tile * TILE, head)), layout.width(), add ? 1 : 0,
                at(dKeyValue, layout.value(sequence, start * TILE, keyValueHead)), layout.keyStride());
        Products.multiply('N', 'N', keys, layout.headWidth(), queries, scale, scoreGradients().at(scoresAt), TILE,
                at(query, layout.query(sequence, tile * TILE, head)), layout.queryStride(), add ? 1 : 0,
                at(dKeyValue, layout.key(sequence, start * TILE, keyValueHead)), layout.keyStride());
    }

    private static long at(long array, long element) {
        return array + element * Float.BYTES;
    }
}

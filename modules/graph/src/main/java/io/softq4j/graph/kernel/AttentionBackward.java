package io.softq4j.graph.kernel;

import static io.softq4j.graph.kernel.Visibility.BLOCK;
import static io.softq4j.graph.kernel.Visibility.TILE;

import java.nio.FloatBuffer;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The gradient of {@link Attention}, in the tiles of {@link AttentionForward}. With p the attention weights, made again from the log-sums, o the
 * context and do its gradient: dv_j = sum_i p_ij do_i; ds_ij = p_ij (do_i . v_j - do_i . o_i) / sqrt(K); dq_i = sum_j ds_ij k_j;
 * dk_j = sum_i ds_ij q_i. One piece has all queries that share a key and value, so that nothing is added up between threads.
 */
final class AttentionBackward implements Runnable {

    private final Layout layout;
    private final Visibility visibility;
    private final long qkv;
    private final long dContext;
    private final long dQkv;
    private final FloatBuffer context;
    private final FloatBuffer dContextFloats;
    private final FloatBuffer logSums;
    private final float scale;
    /** Tiles of each key and value that hold a gradient already. */
    private final boolean[][] begun; // [B G][tiles]
    private final Workers.Piece piece = this::head;

    AttentionBackward(Layout layout, Visibility visibility, INDArray qkv, INDArray context, INDArray logSums, INDArray dContext, INDArray dQkv) {
        this.layout = layout;
        this.visibility = visibility;
        this.qkv = Memory.address(qkv);
        this.dContext = Memory.address(dContext);
        this.dQkv = Memory.address(dQkv);
        this.context = Memory.floats(context);
        this.dContextFloats = Memory.floats(dContext);
        this.logSums = Memory.floats(logSums);
        this.scale = (float) (1 / Math.sqrt(layout.headWidth()));
        this.begun = new boolean[layout.sequences() * layout.keyValueHeads()][visibility.tiles()];
    }

    @Override
    public void run() {
        visibility.look();
        Workers.forEach(begun.length, piece);
    }

    /** All queries of one key and value head. Every token sees itself, so every tile of keys gets its gradient. */
    private void head(int index) {
        int sequence = index / layout.keyValueHeads();
        int keyValueHead = index % layout.keyValueHeads();
        Arrays.fill(begun[index], false);
        for (int head = keyValueHead * layout.group(); head < (keyValueHead + 1) * layout.group(); head++) {
            for (int tile = 0; tile < visibility.tiles(); tile++) {
                tile(sequence, head, tile, begun[index]);
            }
        }
    }

    private void tile(int sequence, int head, int tile, boolean[] begunTiles) {
        float[] shift = Scratch.row(2, TILE);
        logSums.get(layout.lane(sequence, head, tile * TILE), shift, 0, visibility.tokens(tile));
        means(sequence, head, tile, Scratch.row(3, TILE));
        boolean first = true;
        int from = visibility.next(sequence, tile, 0);
        while (from < visibility.tiles()) {
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
    }

    /** do_i . o_i. */
    private void means(int sequence, int head, int tile, float[] means) {
        float[] a = Scratch.row(4, layout.headWidth());
        float[] b = Scratch.row(5, layout.headWidth());
        for (int i = 0; i < visibility.tokens(tile); i++) {
            int at = (int) layout.context(sequence, tile * TILE + i, head);
            context.get(at, a, 0, layout.headWidth());
            dContextFloats.get(at, b, 0, layout.headWidth());
            means[i] = Rows.dot(a, b, layout.headWidth());
        }
    }

    private int keys(int from, int to) {
        return (to - 1 - from) * TILE + visibility.tokens(to - 1);
    }

    private static Tile weights() {
        return Tile.ofThread(0, TILE * TILE * BLOCK);
    }

    private static Tile scoreGradients() {
        return Tile.ofThread(1, TILE * TILE * BLOCK);
    }

    /** p and sqrt(K) ds, both {@code [keys, TILE]}. */
    private void scores(int sequence, int head, int tile, int from, int to) {
        int queries = visibility.tokens(tile);
        int keys = keys(from, to);
        int stride = layout.stride();
        int keyValueHead = head / layout.group();
        Products.multiply('N', 'T', keys, queries, layout.headWidth(), scale, at(qkv, layout.key(sequence, from * TILE, keyValueHead)), stride,
                at(qkv, layout.query(sequence, tile * TILE, head)), stride, 0, weights().address(), TILE);
        Products.nt(keys, queries, layout.headWidth(), at(qkv, layout.value(sequence, from * TILE, keyValueHead)), stride,
                at(dContext, layout.context(sequence, tile * TILE, head)), layout.width(), 0, scoreGradients().address(), TILE);
        float[] p = Scratch.row(0, TILE * TILE);
        float[] ds = Scratch.row(1, TILE * TILE);
        for (int key = from; key < to; key++) {
            int at = (key - from) * TILE * TILE;
            int elements = visibility.tokens(key) * TILE;
            weights().floats().get(at, p, 0, elements);
            scoreGradients().floats().get(at, ds, 0, elements);
            visibility.hide(sequence, tile, key, key + 1, p);
            Columns.exp(p, visibility.tokens(key), queries, Scratch.row(2, TILE), Scratch.row(6, TILE));
            Columns.timesDifference(p, ds, visibility.tokens(key), queries, Scratch.row(3, TILE));
            weights().floats().put(at, p, 0, elements);
            scoreGradients().floats().put(at, ds, 0, elements);
        }
    }

    private void queryGradient(int sequence, int head, int tile, int from, int to, boolean first) {
        Products.multiply('T', 'N', visibility.tokens(tile), layout.headWidth(), keys(from, to), scale, scoreGradients().address(), TILE,
                at(qkv, layout.key(sequence, from * TILE, head / layout.group())), layout.stride(), first ? 0 : 1,
                at(dQkv, layout.query(sequence, tile * TILE, head)), layout.stride());
    }

    /** Of tiles {@code start} to {@code end} of keys, in scores that begin with tile {@code from}. */
    private void keyValueGradient(int sequence, int head, int tile, int from, int start, int end, boolean add) {
        int queries = visibility.tokens(tile);
        int keys = keys(start, end);
        int keyValueHead = head / layout.group();
        long scoresAt = (long) (start - from) * TILE * TILE;
        Products.multiply('N', 'N', keys, layout.headWidth(), queries, 1, weights().at(scoresAt), TILE,
                at(dContext, layout.context(sequence, tile * TILE, head)), layout.width(), add ? 1 : 0,
                at(dQkv, layout.value(sequence, start * TILE, keyValueHead)), layout.stride());
        Products.multiply('N', 'N', keys, layout.headWidth(), queries, scale, scoreGradients().at(scoresAt), TILE,
                at(qkv, layout.query(sequence, tile * TILE, head)), layout.stride(), add ? 1 : 0,
                at(dQkv, layout.key(sequence, start * TILE, keyValueHead)), layout.stride());
    }

    private static long at(long array, long element) {
        return array + element * Float.BYTES;
    }
}

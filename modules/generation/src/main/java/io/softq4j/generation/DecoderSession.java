package io.softq4j.generation;

import io.softq4j.common.UserError;
import io.softq4j.graph.Lowering;
import io.softq4j.graph.Ops;
import io.softq4j.graph.plan.Plan;
import io.softq4j.graph.plan.Port;
import io.softq4j.model.DecoderGraph;
import io.softq4j.model.LanguageModel;
import io.softq4j.model.ModelConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@link DecodingSession} of a decoder. Keys and values of a token depend on the tokens up to it alone, so a sequence that begins as one in
 * any cache takes them from there.
 */
final class DecoderSession implements DecodingSession {

    private static final int IDLE = -1;

    private final int vocabulary;
    private final int capacity;
    private final int rows;
    private final int context;
    private final String contextKey;
    private final DecoderGraph decoder;
    private final Plan plan;
    private final Port tokens;
    private final Port positions; // null where the graph needs none
    private final Port lengths; // null where the graph takes the mask
    private final Port mask; // null where the graph takes the lengths
    private final Port logits;
    private final Port logSumExps;
    private final Port entropies;
    private final List<Port> past = new ArrayList<>();
    private final List<Port> present = new ArrayList<>(); // empty where the graph writes the cache
    private final int[][] cached; // [R, C], the ids of the tokens in the caches
    private final int[] length;
    private final int[] fed; // token of the next step, or IDLE

    DecoderSession(LanguageModel model, int capacity, int rows, Lowering lowering) {
        this(model.config(), model.decoder(lowering), capacity, rows, Map.of());
    }

    /** @param more shapes of the inputs the graph has besides those of every decoder */
    DecoderSession(ModelConfig config, DecoderGraph decoder, int capacity, int rows, Map<String, long[]> more) {
        contextKey = config.contextKey();
        context = config.contextLength();
        if (capacity > context) {
            throw new IllegalArgumentException("capacity " + capacity + " exceeds " + contextKey + " " + context);
        }
        RowLimit.require("a cache of keys or values", rows, (long) decoder.heads() * decoder.width(), capacity);
        RowLimit.require("the array of logits", rows, config.vocabSize(), 1);
        this.decoder = decoder;
        this.vocabulary = config.vocabSize();
        this.capacity = capacity;
        this.rows = rows;
        cached = new int[rows][capacity];
        length = new int[rows];
        fed = new int[rows];
        Arrays.fill(fed, IDLE);
        plan = plan(decoder, capacity, rows, more);
        tokens = plan.port(DecoderGraph.TOKENS);
        positions = plan.hasInput(DecoderGraph.POSITIONS) ? plan.port(DecoderGraph.POSITIONS) : null;
        lengths = plan.hasInput(DecoderGraph.LENGTHS) ? plan.port(DecoderGraph.LENGTHS) : null;
        mask = plan.hasInput(DecoderGraph.MASK) ? plan.port(DecoderGraph.MASK) : null;
        logits = plan.port(decoder.logits());
        logSumExps = plan.port(decoder.logSumExp());
        entropies = plan.port(decoder.entropy());
        for (DecoderGraph.Cache c : decoder.caches()) {
            past.add(plan.port(c.past()));
            if (c.present() != null) {
                present.add(plan.port(c.present()));
            }
        }
    }

    private static Plan plan(DecoderGraph decoder, int capacity, int rows, Map<String, long[]> more) {
        long[] cache = {rows, decoder.heads(), capacity, decoder.width()};
        Map<String, long[]> shapes = new LinkedHashMap<>(more);
        shapes.put(DecoderGraph.TOKENS, new long[] {rows});
        shapes.put(DecoderGraph.POSITIONS, new long[] {rows});
        shapes.put(DecoderGraph.LENGTHS, new long[] {rows});
        shapes.put(DecoderGraph.MASK, new long[] {rows, 1, 1, capacity});
        List<String> outputs = new ArrayList<>(List.of(decoder.logits(), decoder.logSumExp(), decoder.entropy()));
        for (DecoderGraph.Cache c : decoder.caches()) {
            shapes.put(c.past(), cache);
            if (c.present() != null) {
                outputs.add(c.present());
            }
        }
        return decoder.plan(shapes, outputs);
    }

    /** What the graph reads besides what this class writes. */
    Port input(String name) {
        return plan.port(name);
    }

    @Override
    public int rows() {
        return rows;
    }

    @Override
    public int vocabulary() {
        return vocabulary;
    }

    @Override
    public int capacity() {
        return capacity;
    }

    @Override
    public void requireRoom(String name, int[] prompt) {
        if (prompt.length == 0) {
            throw new UserError(name + " is empty: it has no token to continue from");
        }
        if (prompt.length >= capacity) {
            throw new UserError(name + " has " + prompt.length + " tokens, there is room for " + capacity + " with at least one new token ("
                    + contextKey + " of the model is " + context + "): shorten it, or use a model with a longer context");
        }
    }

    @Override
    public int[] start(int row, int[] prompt) {
        int source = row;
        int most = common(row, prompt);
        for (int other = 0; other < rows; other++) {
            int same = common(other, prompt);
            if (same > most) {
                source = other;
                most = same;
            }
        }
        if (source != row) {
            copy(source, row, most);
        }
        hold(row, Math.min(most, prompt.length - 1));
        return prompt.clone();
    }

    /** How many of the ids the row's cache begins with. */
    private int common(int row, int[] ids) {
        int limit = Math.min(length[row], ids.length);
        int mismatch = Arrays.mismatch(cached[row], 0, limit, ids, 0, limit);
        return mismatch < 0 ? limit : mismatch;
    }

    /** Sets the number of tokens that the cache of the row holds. */
    private void hold(int row, int count) {
        length[row] = count;
        for (int c = 0; mask != null && c < capacity; c++) {
            mask.put(row * capacity + c, c < count ? 0.0 : Ops.Cache.NONE);
        }
    }

    @Override
    public int length(int row) {
        return length[row];
    }

    @Override
    public void feed(int row, int token) {
        fed[row] = token;
    }

    @Override
    public void step() {
        for (int row = 0; row < rows; row++) {
            boolean idle = fed[row] == IDLE;
            tokens.put(row, idle ? 0 : fed[row]);
            if (positions != null) {
                positions.put(row, idle ? 0 : length[row]);
            }
            if (lengths != null) {
                lengths.put(row, idle ? -1 : length[row]);
            }
        }
        plan.run();
        for (int row = 0; row < rows; row++) {
            if (fed[row] != IDLE) {
                cached[row][length[row]] = fed[row];
                if (mask != null) {
                    append(row);
                }
                length[row]++;
                fed[row] = IDLE;
            }
        }
    }

    /** Puts the new token's keys and values into the cache where the graph has not done it. */
    private void append(int row) {
        int width = decoder.width();
        for (int i = 0; i < past.size(); i++) {
            for (int h = 0; h < decoder.heads(); h++) {
                int head = row * decoder.heads() + h;
                past.get(i).copy((head * capacity + length[row]) * width, present.get(i), head * width, width);
            }
        }
        mask.put(row * capacity + length[row], 0.0);
    }

    @Override
    public void logits(int row, float[] into) {
        logits.read(row * vocabulary, into);
    }

    @Override
    public double logSumExp(int row) {
        return logSumExps.get(row);
    }

    @Override
    public double entropy(int row) {
        return entropies.get(row);
    }

    @Override
    public void copy(int from, int to) {
        copy(from, to, length[from]);
        hold(to, length[from]);
    }

    /** The first tokens, without those that both begin with. */
    private void copy(int from, int to, int count) {
        int shared = Math.min(count, common(to, cached[from]));
        int width = decoder.width();
        for (Port cache : past) {
            for (int h = 0; h < decoder.heads(); h++) {
                int source = ((from * decoder.heads() + h) * capacity + shared) * width;
                int target = ((to * decoder.heads() + h) * capacity + shared) * width;
                cache.copy(target, cache, source, (count - shared) * width);
            }
        }
        System.arraycopy(cached[from], shared, cached[to], shared, count - shared);
    }

    @Override
    public void close() {
        plan.close();
    }
}

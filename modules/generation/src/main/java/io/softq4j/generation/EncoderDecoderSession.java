package io.softq4j.generation;

import io.softq4j.common.UserError;
import io.softq4j.graph.Lowering;
import io.softq4j.graph.plan.Plan;
import io.softq4j.graph.plan.PlanCache;
import io.softq4j.graph.plan.PlanSpec;
import io.softq4j.graph.plan.Port;
import io.softq4j.model.DecoderGraph;
import io.softq4j.model.EncoderGraph;
import io.softq4j.model.LanguageModel;
import io.softq4j.model.ModelGraph;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * {@link DecodingSession} of an encoder and a decoder. The encoder reads the prompt and the token that ends it, once however many rows are
 * started with the prompt in a row; the decoder's sequences begin with its own first token.
 */
final class EncoderDecoderSession implements DecodingSession {

    /** Sources are padded to multiples of it, so that one plan serves many lengths. */
    private static final int LENGTH_STEP = 32;

    private final int capacity; // S, of sources, their end included
    private final EncoderGraph encoder;
    private final PlanCache<Integer> plans; // of the encoder, by padded length
    private final DecoderSession decoder;
    private final List<Port> keysAndValues; // of each layer, [R S, 2 H K]
    private final Port mask; // [R, S]
    private final int[][] sources; // what the encoder read for each row

    EncoderDecoderSession(LanguageModel model, int capacity, int rows, Lowering lowering) {
        if (capacity == Integer.MAX_VALUE) {
            throw new UserError("there is no room for sequences of " + capacity + " tokens: lower generation.max_new_tokens, or shorten "
                    + "the prompts");
        }
        this.capacity = capacity + 1;
        encoder = model.encoder(lowering);
        plans = encoder.plans();
        DecoderGraph steps = model.decoder(lowering);
        Map<String, long[]> shapes = new LinkedHashMap<>();
        shapes.put(ModelGraph.SOURCE_ATTENTION_MASK, new long[] {rows, this.capacity});
        long width = 2L * steps.heads() * steps.width();
        for (String source : steps.sources()) {
            RowLimit.require("the array of a layer's keys and values of the prompts", rows, width, this.capacity);
            shapes.put(source, new long[] {Math.multiplyExact((long) rows, this.capacity), width});
        }
        decoder = new DecoderSession(model.config(), steps, this.capacity, rows, shapes);
        keysAndValues = steps.sources().stream().map(decoder::input).toList();
        mask = decoder.input(ModelGraph.SOURCE_ATTENTION_MASK);
        sources = new int[rows][0];
    }

    @Override
    public int rows() {
        return decoder.rows();
    }

    @Override
    public int vocabulary() {
        return decoder.vocabulary();
    }

    @Override
    public int capacity() {
        return decoder.capacity();
    }

    @Override
    public void requireRoom(String name, int[] prompt) {
        int length = encoder.tokens().source(prompt).length;
        if (length > capacity) {
            throw new UserError(name + " has " + length + " tokens, with the one that ends it; there is room for " + capacity
                    + ": shorten it");
        }
    }

    @Override
    public int[] start(int row, int[] prompt) {
        int[] source = encoder.tokens().source(prompt);
        int same = IntStream.range(0, rows()).filter(r -> Arrays.equals(sources[r], source)).findFirst().orElse(-1);
        if (same < 0) {
            encode(row, source);
        } else if (same != row) {
            for (Port layer : keysAndValues) {
                int width = width(layer);
                layer.copy(row * capacity * width, layer, same * capacity * width, source.length * width);
            }
        }
        sources[row] = source;
        for (int s = 0; s < capacity; s++) {
            mask.put(row * capacity + s, s < source.length ? 1 : 0);
        }
        return decoder.start(row, new int[] {encoder.tokens().decoderStart()});
    }

    private void encode(int row, int[] source) {
        int padded = Math.min(capacity, (source.length + LENGTH_STEP - 1) / LENGTH_STEP * LENGTH_STEP);
        Plan plan = plans.get(padded, this::spec);
        plan.write(ModelGraph.SOURCE_IDS, Arrays.copyOf(source, padded));
        plan.write(ModelGraph.SOURCE_POSITION_IDS, IntStream.range(0, padded).toArray());
        plan.write(ModelGraph.SOURCE_ATTENTION_MASK, IntStream.range(0, padded).map(s -> s < source.length ? 1 : 0).toArray());
        plan.run();
        for (int layer = 0; layer < keysAndValues.size(); layer++) {
            int width = width(keysAndValues.get(layer));
            keysAndValues.get(layer).copy(row * capacity * width, plan.port(encoder.keysAndValues().get(layer)), 0, source.length * width);
        }
    }

    private static int width(Port layer) {
        return Math.toIntExact(layer.shape()[1]);
    }

    private PlanSpec spec(int length) {
        Map<String, long[]> shapes = new LinkedHashMap<>();
        List.of(ModelGraph.SOURCE_IDS, ModelGraph.SOURCE_POSITION_IDS, ModelGraph.SOURCE_ATTENTION_MASK)
                .forEach(name -> shapes.put(name, new long[] {1, length}));
        return PlanSpec.of(shapes, encoder.keysAndValues());
    }

    @Override
    public int length(int row) {
        return decoder.length(row);
    }

    @Override
    public void feed(int row, int token) {
        decoder.feed(row, token);
    }

    @Override
    public void step() {
        decoder.step();
    }

    @Override
    public void logits(int row, float[] into) {
        decoder.logits(row, into);
    }

    @Override
    public double logSumExp(int row) {
        return decoder.logSumExp(row);
    }

    @Override
    public double entropy(int row) {
        return decoder.entropy(row);
    }

    /** The sources of both are the same, as both were started with the same prompt. */
    @Override
    public void copy(int from, int to) {
        decoder.copy(from, to);
    }

    @Override
    public void close() {
        decoder.close();
        plans.close();
    }
}

package io.softq4j.model;

import io.softq4j.common.UserError;
import io.softq4j.graph.Lowering;
import io.softq4j.graph.Plan;
import io.softq4j.graph.kernel.Memory;
import io.softq4j.graph.kernel.Workers;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.IntConsumer;

/**
 * Continues prompts. A fixed number of rows decode side by side, each at its own position over its own key-value cache; a row that is done takes
 * the next prompt. Prompts go through the same graph token by token. Not safe for use by several threads at once.
 */
public final class Generator implements AutoCloseable {

    private static final float HIDDEN = -1e9f;

    private final int vocabulary;
    private final int capacity;
    private final int eosId;
    private final int rows;
    private final DecoderGraph decoder;
    private final Plan plan;
    private final IntBuffer tokens;
    private final IntBuffer positions;
    private final IntBuffer lengths; // null where the graph takes the mask
    private final FloatBuffer mask; // null where the graph takes the lengths
    private final FloatBuffer logits;
    private final FloatBuffer entropies;
    private final List<FloatBuffer> past = new ArrayList<>();
    private final List<FloatBuffer> present = new ArrayList<>();

    /** One sequence being decoded. */
    private final class Row {
        private final int index;
        private int prompt = -1;
        private int sequence;
        private int[] ids;
        private int promptLength;
        private int length;
        private int at;
        private double entropy;
        private SplittableRandom random;
        private final float[] z = new float[vocabulary];
        private final Sampler sampler;

        Row(int index, GenerationConfig config) {
            this.index = index;
            this.sampler = new Sampler(config, vocabulary);
        }

        boolean idle() {
            return prompt < 0;
        }

        void start(int promptIndex, int sequenceIndex, int[] promptIds, GenerationConfig config) {
            prompt = promptIndex;
            sequence = sequenceIndex;
            promptLength = promptIds.length;
            ids = Arrays.copyOf(promptIds, promptLength + Math.min(capacity - promptLength, config.maxNewTokens()));
            length = promptLength;
            at = 0;
            entropy = 0;
            random = new SplittableRandom(new SplittableRandom(config.seed() + 0x632BE59BD9B4E019L * (promptIndex + 1L)).nextLong()
                    + 0x9E3779B97F4A7C15L * (sequenceIndex + 1L));
            for (int c = 0; mask != null && c < capacity; c++) {
                mask.put(index * capacity + c, HIDDEN);
            }
        }

        void feed() {
            tokens.put(index, idle() ? 0 : ids[at]);
            positions.put(index, idle() ? 0 : at);
            if (lengths != null) {
                lengths.put(index, idle() ? -1 : at);
            }
        }

        /** Puts the new token's keys and values into the cache where the graph has not done it. */
        void cache() {
            if (mask == null) {
                return;
            }
            int heads = decoder.heads();
            int width = decoder.width();
            for (int i = 0; i < past.size(); i++) {
                for (int h = 0; h < heads; h++) {
                    int row = index * heads + h;
                    past.get(i).put((row * capacity + at) * width, present.get(i), row * width, width);
                }
            }
            mask.put(index * capacity + at, 0f);
        }
    }

    /**
     * @param capacity longest sequence, prompt included; at most the model's context
     * @param rows     sequences decoded side by side
     */
    public Generator(LanguageModel model, int capacity, int eosId, int rows) {
        this(model, capacity, eosId, rows, Lowering.best());
    }

    Generator(LanguageModel model, int capacity, int eosId, int rows, Lowering lowering) {
        if (capacity > model.config().contextLength()) {
            throw new IllegalArgumentException("capacity " + capacity + " exceeds " + model.config().contextKey() + " "
                    + model.config().contextLength());
        }
        this.vocabulary = model.config().vocabSize();
        this.capacity = capacity;
        this.eosId = eosId;
        this.rows = rows;
        decoder = model.decoder(lowering);
        long[] cache = {rows, decoder.heads(), capacity, decoder.width()};
        Map<String, long[]> shapes = new LinkedHashMap<>();
        shapes.put(DecoderGraph.TOKENS, new long[] {rows});
        shapes.put(DecoderGraph.POSITIONS, new long[] {rows});
        shapes.put(DecoderGraph.LENGTHS, new long[] {rows});
        shapes.put(DecoderGraph.MASK, new long[] {rows, 1, 1, capacity});
        List<String> outputs = new ArrayList<>(List.of(decoder.logits().name(), decoder.entropy().name()));
        for (DecoderGraph.Cache c : decoder.caches()) {
            shapes.put(c.past().name(), cache);
            if (c.present() != null) {
                outputs.add(c.present().name());
            }
        }
        plan = Plan.compile(decoder.graph(), shapes, outputs);
        tokens = Memory.ints(plan.input(DecoderGraph.TOKENS));
        positions = Memory.ints(plan.input(DecoderGraph.POSITIONS));
        lengths = plan.hasInput(DecoderGraph.LENGTHS) ? Memory.ints(plan.input(DecoderGraph.LENGTHS)) : null;
        mask = plan.hasInput(DecoderGraph.MASK) ? Memory.floats(plan.input(DecoderGraph.MASK)) : null;
        logits = Memory.floats(plan.output(decoder.logits().name()));
        entropies = Memory.floats(plan.output(decoder.entropy().name()));
        for (DecoderGraph.Cache c : decoder.caches()) {
            if (c.present() != null) {
                past.add(Memory.floats(plan.input(c.past().name())));
                present.add(Memory.floats(plan.output(c.present().name())));
            }
        }
    }

    /**
     * Continues each prompt {@code num_return_sequences} times.
     *
     * @param prompts  token ids, at least one each
     * @param progress told the number of tokens that went through the model since it was last told
     * @return for each prompt its continuations, in the order of the prompts
     * @throws UserError if a prompt is empty or leaves no room for a token, or the model gives NaN
     */
    public List<List<Completion>> generate(List<int[]> prompts, GenerationConfig config, IntConsumer progress) {
        for (int i = 0; i < prompts.size(); i++) {
            if (prompts.get(i).length == 0) {
                throw new UserError("prompt " + (i + 1) + " is empty: it has no token to continue from");
            }
            if (prompts.get(i).length >= capacity) {
                throw new UserError("prompt " + (i + 1) + " has " + prompts.get(i).length + " tokens, the context holds " + capacity
                        + ": shorten it, or use a model with a longer context");
            }
        }
        Completion[][] done = new Completion[prompts.size()][config.numReturnSequences()];
        Row[] active = new Row[rows];
        for (int r = 0; r < rows; r++) {
            active[r] = new Row(r, config);
        }
        int next = 0;
        int total = Math.multiplyExact(prompts.size(), config.numReturnSequences());
        while (true) {
            int busy = 0;
            for (Row row : active) {
                if (row.idle() && next < total) {
                    int prompt = next / config.numReturnSequences();
                    row.start(prompt, next % config.numReturnSequences(), prompts.get(prompt), config);
                    next++;
                }
                row.feed();
                busy += row.idle() ? 0 : 1;
            }
            if (busy == 0) {
                return Arrays.stream(done).map(List::of).toList();
            }
            plan.run();
            Workers.forEach(rows, r -> {
                if (!active[r].idle()) {
                    active[r].cache();
                    advance(active[r], done);
                }
            });
            progress.accept(busy);
        }
    }

    private void advance(Row row, Completion[][] done) {
        row.at++;
        if (row.at < row.promptLength) {
            return;
        }
        double entropy = entropies.get(row.index);
        if (Double.isNaN(entropy)) {
            throw new UserError("the model gives no numbers (NaN) after " + row.at + " tokens of prompt " + (row.prompt + 1)
                    + ": its weights are damaged, most likely because the training diverged. Use an earlier checkpoint, or train with a lower "
                    + "learning rate.");
        }
        row.entropy += entropy;
        logits.get(row.index * vocabulary, row.z);
        int token = row.sampler.next(row.z, row.random);
        boolean ended = token == eosId;
        if (!ended) {
            row.ids[row.length] = token;
        }
        row.length++;
        if (ended || row.length == row.ids.length) {
            int made = row.length - row.promptLength;
            int[] ids = Arrays.copyOfRange(row.ids, row.promptLength, row.promptLength + made - (ended ? 1 : 0));
            done[row.prompt][row.sequence] = new Completion(ids, ended, made, row.entropy / made);
            row.prompt = -1;
        }
    }

    /** Frees the caches. */
    @Override
    public void close() {
        plan.close();
    }
}

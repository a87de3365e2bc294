package io.softq4j.generation;

import io.softq4j.common.UserError;
import io.softq4j.graph.machine.Workers;
import io.softq4j.model.LanguageModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;

/**
 * A generator continues prompts with a language model. A fixed number of rows decode side by side, each at its own position over its own
 * key-value cache; rows that are done take the next prompt. A prompt is read once for all its continuations. What is drawn depends on the
 * seed, the prompt's index and the number of the continuation, not on which rows decode side by side. Not safe for use by several threads
 * at once.
 */
public final class Generator implements AutoCloseable {

    private final DecodingSession session;
    private final Set<Integer> eosIds;
    private final Function<int[], String> text;
    private final TokensAfter tokens; // null without
    private final Queue<Candidates> memory = new ConcurrentLinkedQueue<>(); // as many as threads have worked at once

    /**
     * For a model.
     *
     * @param capacity as of {@link DecodingSession#of(LanguageModel, int, int)}
     * @param rows     sequences decoded side by side
     * @param eosIds   tokens that end a text
     * @param text     of token ids, such as that of a tokenizer; called by several threads
     */
    public Generator(LanguageModel model, int capacity, int rows, Set<Integer> eosIds, Function<int[], String> text) {
        this(DecodingSession.of(model, capacity, rows), eosIds, text);
    }

    /**
     * For a model, with a calculator where the settings ask for one.
     *
     * @param tokens of what the calculator writes; called by several threads
     */
    public Generator(LanguageModel model, int capacity, int rows, Set<Integer> eosIds, Function<int[], String> text, TokensAfter tokens) {
        this(DecodingSession.of(model, capacity, rows), eosIds, text, tokens);
    }

    /** Over a session, which is closed with it. */
    public Generator(DecodingSession session, Set<Integer> eosIds, Function<int[], String> text) {
        this(session, eosIds, text, null);
    }

    Generator(DecodingSession session, Set<Integer> eosIds, Function<int[], String> text, TokensAfter tokens) {
        this.session = session;
        this.eosIds = Set.copyOf(eosIds);
        this.text = text;
        this.tokens = tokens;
    }

    /** The ids of a text that goes on after another, as those of a tokenizer. */
    @FunctionalInterface
    public interface TokensAfter {

        /**
         * Ids of {@code text}.
         *
         * @param before the text before it
         * @param ids    of {@code before}
         */
        int[] of(String before, int[] ids, String text);
    }

    /**
     * Continues each prompt {@code num_return_sequences} times.
     *
     * @param prompts token ids; at least one each, except where an encoder reads them, for which an empty prompt is the token that ends it
     * @return for each prompt its continuations, in the order of the prompts; those of a beam search best first, fewer if there are no more
     * @throws UserError if a prompt has no token though one is needed, or leaves no room for one, the model gives NaN, or a beam search is
     *                   to sample
     * @throws IllegalArgumentException if there are fewer rows than beams, or a calculator is asked for and this was made without tokens
     *                                  for it
     */
    public List<List<Completion>> generate(List<int[]> prompts, GenerationConfig config, GenerationListener listener) {
        int width = config.numBeams();
        config.requireUsable(session.vocabulary());
        if (session.rows() < width) {
            throw new IllegalArgumentException(width + " beams in " + session.rows() + " rows");
        }
        if (config.calculator() && tokens == null) {
            throw new IllegalArgumentException("generation.calculator is true, and this generator was made without tokens for what "
                    + "it writes");
        }
        for (int i = 0; i < prompts.size(); i++) {
            session.requireRoom("prompt " + (i + 1), prompts.get(i));
        }
        Decoding.Context context = new Decoding.Context(session, config, eosIds, text, tokens);
        Completion[][] done = new Completion[prompts.size()][config.numReturnSequences()];
        TreeSet<Integer> free = new TreeSet<>();
        for (int row = 0; row < session.rows(); row++) {
            free.add(row);
        }
        int[] held = new int[session.rows()]; // the prompt that was last in a row
        Arrays.fill(held, -1);
        Starts starts = new Starts(prompts.size(), width > 1 ? 1 : config.numReturnSequences());
        List<Running> running = new ArrayList<>();
        while (true) {
            while (free.size() >= width && !listener.isStopped() && starts.hasNext()) {
                int[] rows = new int[width];
                Arrays.setAll(rows, r -> free.pollFirst());
                Start start = starts.next(held[rows[0]]);
                held[rows[0]] = start.prompt();
                int[] prompt = prompts.get(start.prompt());
                running.add(new Running(start, width > 1 ? new BeamDecoding(context, rows, start.prompt(), prompt)
                        : new SampledDecoding(context, rows[0], start.prompt(), prompt, start.sequence())));
            }
            if (running.isEmpty()) {
                return Arrays.stream(done).map(all -> Arrays.stream(all).filter(Objects::nonNull).toList()).toList();
            }
            if (listener.isStopped()) {
                running.forEach(each -> each.decoding().stop());
            } else {
                running.forEach(each -> each.decoding().feed());
                session.step();
                Workers.forEach(running.size(), i -> advance(running.get(i).decoding()));
            }
            for (Iterator<Running> each = running.iterator(); each.hasNext();) {
                Running one = each.next();
                one.decoding().tell(listener, done[one.start().prompt()]);
                starts.read(one);
                if (one.decoding().isDone()) {
                    each.remove();
                    Arrays.stream(one.decoding().rows()).forEach(free::add);
                }
            }
        }
    }

    private void advance(Decoding decoding) {
        Candidates candidates = memory.poll();
        if (candidates == null) {
            candidates = new Candidates(session.vocabulary());
        }
        decoding.advance(candidates);
        memory.add(candidates);
    }

    /** A continuation to begin. @param sequence its number among those of its prompt */
    private record Start(int prompt, int sequence) {
    }

    private record Running(Start start, Decoding decoding) {
    }

    /**
     * The order of the starts. The first continuation of a prompt reads it; the others begin when it has, from what its cache holds. They
     * go before further prompts, and where one of them ends before others of its prompt, so that there is always a cache that holds it.
     */
    private static final class Starts {

        private final int prompts;
        private final int perPrompt;
        private final List<Start> ready = new ArrayList<>();
        private final BitSet read = new BitSet();
        private int next;

        Starts(int prompts, int perPrompt) {
            this.prompts = prompts;
            this.perPrompt = perPrompt;
        }

        boolean hasNext() {
            return !ready.isEmpty() || next < prompts;
        }

        /** @param held the prompt that the cache of the free row holds, or -1 */
        Start next(int held) {
            if (ready.isEmpty()) {
                return new Start(next++, 0);
            }
            Start start = ready.stream().filter(each -> each.prompt() == held).findFirst().orElse(ready.get(0));
            ready.remove(start);
            return start;
        }

        void read(Running one) {
            int prompt = one.start().prompt();
            if (one.decoding().hasRead() && !read.get(prompt)) {
                read.set(prompt);
                for (int sequence = 1; sequence < perPrompt; sequence++) {
                    ready.add(new Start(prompt, sequence));
                }
            }
        }
    }

    /** Frees the caches. */
    @Override
    public void close() {
        session.close();
    }
}

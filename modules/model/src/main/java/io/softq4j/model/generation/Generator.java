package io.softq4j.model.generation;

import io.softq4j.common.UserError;
import io.softq4j.graph.kernel.Workers;
import io.softq4j.model.LanguageModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;

/**
 * Continues prompts. A fixed number of rows decode side by side, each at its own position over its own key-value cache; rows that are done take the
 * next prompt. What is drawn depends on the seed, the prompt's index and the number of the continuation, not on which rows decode side by side.
 * Not safe for use by several threads at once.
 */
public final class Generator implements AutoCloseable {

    private final DecodingSession session;
    private final Set<Integer> eosIds;
    private final Function<int[], String> text;
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

    /** Over a session, which is closed with it. */
    public Generator(DecodingSession session, Set<Integer> eosIds, Function<int[], String> text) {
        this.session = session;
        this.eosIds = Set.copyOf(eosIds);
        this.text = text;
    }

    /**
     * Continues each prompt {@code num_return_sequences} times.
     *
     * @param prompts token ids; at least one each, except where an encoder reads them, for which an empty prompt is the token that ends it
     * @return for each prompt its continuations, in the order of the prompts; those of a beam search best first, fewer if there are no more
     * @throws UserError if a prompt has no token though one is needed, or leaves no room for one, or the model gives NaN
     * @throws IllegalArgumentException if there are fewer rows than beams
     */
    public List<List<Completion>> generate(List<int[]> prompts, GenerationConfig config, GenerationListener listener) {
        int width = config.numBeams();
        if (session.rows() < width) {
            throw new IllegalArgumentException(width + " beams in " + session.rows() + " rows");
        }
        for (int i = 0; i < prompts.size(); i++) {
            session.requireRoom("prompt " + (i + 1), prompts.get(i));
        }
        Decoding.Context context = new Decoding.Context(session, config, eosIds, text);
        Completion[][] done = new Completion[prompts.size()][config.numReturnSequences()];
        int perPrompt = width > 1 ? 1 : config.numReturnSequences();
        int total = Math.multiplyExact(prompts.size(), perPrompt);
        TreeSet<Integer> free = new TreeSet<>();
        for (int row = 0; row < session.rows(); row++) {
            free.add(row);
        }
        List<Running> running = new ArrayList<>();
        int next = 0;
        while (true) {
            for (; next < total && free.size() >= width; next++) {
                int prompt = next / perPrompt;
                int[] rows = new int[width];
                Arrays.setAll(rows, r -> free.pollFirst());
                Decoding decoding = width > 1 ? new BeamDecoding(context, rows, prompt, prompts.get(prompt))
                        : new SampledDecoding(context, rows[0], prompt, prompts.get(prompt), next % perPrompt);
                running.add(new Running(prompt, decoding));
                listener.processed(session.length(rows[0]));
            }
            if (running.isEmpty()) {
                return Arrays.stream(done).map(all -> Arrays.stream(all).filter(Objects::nonNull).toList()).toList();
            }
            int fed = 0;
            for (Running each : running) {
                fed += each.decoding().feed();
            }
            session.step();
            Workers.forEach(running.size(), i -> advance(running.get(i).decoding()));
            listener.processed(fed);
            for (Iterator<Running> each = running.iterator(); each.hasNext();) {
                Running one = each.next();
                one.decoding().tell(listener, done[one.prompt()]);
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

    private record Running(int prompt, Decoding decoding) {
    }

    /** Frees the caches. */
    @Override
    public void close() {
        session.close();
    }
}

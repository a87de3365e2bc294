package io.softq4j.workflow;

import io.softq4j.common.UserError;
import io.softq4j.data.DataConfig;
import io.softq4j.data.Prompts;
import io.softq4j.data.RenderSpecs;
import io.softq4j.data.RenderedRecord;
import io.softq4j.generation.Completion;
import io.softq4j.generation.DecodingSession;
import io.softq4j.generation.GenerationConfig;
import io.softq4j.generation.GenerationListener;
import io.softq4j.generation.Generator;
import io.softq4j.generation.SpecialTokens;
import io.softq4j.model.LanguageModel;
import io.softq4j.model.ModelConfig;
import io.softq4j.tokens.Rendering;
import io.softq4j.tokens.Tokenizer;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;

/** Samples of a model as text. */
final class Sampling implements AutoCloseable {

    private final List<RenderedRecord> records;
    private final List<int[]> prompts;
    private final boolean readsSource;
    private final Generator generator;

    /**
     * @param given   prompts, rendered
     * @param config  its longest continuation and number of rows hold for all that is sampled
     */
    public Sampling(ModelDirectory directory, Prompts given, GenerationConfig config) {
        this(directory.model(), directory.tokenizer(), directory.specialTokens(), given, config);
    }

    /** The same of a model that comes from no directory, such as one that trains. @param special what its files would say */
    Sampling(LanguageModel model, Tokenizer tokenizer, SpecialTokens special, Prompts given, GenerationConfig config) {
        this.records = given.records();
        DataConfig data = given.data();
        Rendering rendering = RenderSpecs.rendering(data, tokenizer);
        OptionalInt bosId = special.bosId();
        this.prompts = records.stream().map(record -> record.prompt().isEmpty() && bosId.isPresent() ? new int[] {bosId.getAsInt()}
                : rendering.prompt(record.segments())).toList();
        this.readsSource = model.graph().readsSource();
        ModelConfig size = model.config();
        int context = size.contextLength();
        for (int i = 0; i < prompts.size(); i++) {
            String it = "prompt " + (i + 1) + ", '" + beginning(records.get(i).prompt()) + "', has " + prompts.get(i).length + " tokens; ";
            if (prompts.get(i).length >= context) {
                throw new UserError(it + "the model's context holds " + context + " (" + size.contextKey() + "), with at least one new token. Shorten "
                        + "it, or use a model with a longer context.");
            }
            if (newTokens(prompts.get(i), config) < 1) {
                throw new UserError(it + "generation.max_length is " + config.maxLength() + ", with at least one new token. Raise it, or set "
                        + "generation.max_new_tokens.");
            }
        }
        int[] longest = prompts.stream().max(Comparator.comparingInt(prompt -> prompt.length))
                .orElseThrow(() -> new UserError("no prompts to continue: give at least one."));
        int capacity = DecodingSession.capacity(model, longest.length, newTokens(longest, config));
        Set<Integer> endIds = new TreeSet<>(special.eosIds());
        endIds.add(RenderSpecs.endId(data, tokenizer));
        this.generator = new Generator(model, capacity, config.rows(prompts.size()), endIds, ids -> ModelDirectory.text(tokenizer, ids),
                (before, ids, text) -> tokenizer.encodeAfter(before, ids, text).ids());
    }

    /** The longest continuation: the decoder behind an encoder begins with one token of its own. */
    private int newTokens(int[] prompt, GenerationConfig config) {
        return config.newTokens(readsSource ? 1 : prompt.length);
    }

    private static String beginning(String prompt) {
        String line = prompt.strip().replaceAll("\\s+", " ");
        return line.length() > 40 ? line.substring(0, 40) + "..." : line;
    }

    /**
     * Continues the prompts.
     *
     * @param name of the work in {@code progress}
     * @return for each prompt its continuations
     * @throws CancellationException as {@code progress} does, with how many continuations were finished
     */
    public List<List<Completion>> generate(GenerationConfig config, String name, WorkListener progress) {
        // the most it can be; most responses end earlier, and then less is left
        long most = prompts.stream().mapToLong(prompt -> (long) newTokens(prompt, config) * config.numReturnSequences()).sum();
        int[] finished = {0};
        try (WorkListener.Work work = progress.begin(name, most, "tokens")) {
            List<List<Completion>> completions = generator.generate(prompts, config, new GenerationListener() {
                @Override
                public void made(int tokens) {
                    work.add(tokens);
                }

                @Override
                public void finished(int prompt, int sequence, Completion completion) {
                    finished[0]++;
                    work.skip((long) newTokens(prompts.get(prompt), config) - completion.tokens());
                }
            });
            work.finish();
            return completions;
        } catch (CancellationException e) {
            throw stopped(name, finished[0], config, e);
        }
    }

    /** The same, its progress in prompts: so people see how many of them are done in a second, and when all will be. */
    List<List<Completion>> generateCountingPrompts(GenerationConfig config, String name, WorkListener progress) {
        int[] finished = new int[prompts.size()];
        int[] samples = {0};
        try (WorkListener.Work work = progress.begin(name, prompts.size(), "prompts")) {
            List<List<Completion>> completions = generator.generate(prompts, config, new GenerationListener() {
                @Override
                public void made(int tokens) {
                    work.add(0);    // whoever wants to end the work is asked at each token
                }

                @Override
                public void finished(int prompt, int sequence, Completion completion) {
                    samples[0]++;
                    work.add(++finished[prompt] == config.numReturnSequences() ? 1 : 0);
                }
            });
            work.finish();
            return completions;
        } catch (CancellationException e) {
            throw stopped(name, samples[0], config, e);
        }
    }

    private CancellationException stopped(String name, int finished, GenerationConfig config, CancellationException cause) {
        CancellationException counted = new CancellationException(String.format(Locale.ROOT, "%s: %,d of %,d samples were finished", name, finished,
                (long) prompts.size() * config.numReturnSequences()));
        counted.initCause(cause);
        return counted;
    }

    /** Continues the prompts and tells {@code listener}. */
    public void generate(GenerationConfig config, GenerationListener listener) {
        generator.generate(prompts, config, listener);
    }

    @Override
    public void close() {
        generator.close();
    }
}
